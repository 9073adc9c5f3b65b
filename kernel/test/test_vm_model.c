/*
 * Tests of vm/: an address space that nobody runs in is worked on from
 * outside and compared, page by page, with a model that is too simple to be
 * wrong: for each page what is mapped there and the number it should hold.
 */
#include "test/test.h"

#include "core/percpu.h"
#include "lib/string.h"
#include "mem/frame.h"
#include "mem/heap.h"
#include "test/test_vm.h"
#include <asm/errno.h>
#include <linux/mman.h>

/* The window lies across the border of two page tables. */
#define WINDOW_PAGES 64u
#define WINDOW_START (0x20400000u - WINDOW_PAGES / 2 * PAGE_SIZE)
#define RIGHTS       (AREA_READ | AREA_WRITE | AREA_EXECUTE)

enum page_kind { UNMAPPED, ANONYMOUS, PRIVATE_OBJECT, SHARED_OBJECT };

struct page_model {
    enum page_kind kind;
    u32 rights;
    u32 object_page;
    bool own; /* has been written: `value` counts, not the object's */
    u32 value;
};

struct space_model {
    struct address_space *space;
    struct memory_object *object; /* of WINDOW_PAGES pages */
    struct page_model pages[WINDOW_PAGES];
    u32 object_values[WINDOW_PAGES];
    u32 random;
    bool failing; /* an allocation of the next step may fail by order */
};

static u32 model_random(struct space_model *model, u32 limit)
{
    model->random = model->random * 1664525u + 1013904223u;
    return (model->random >> 8) % limit;
}

static u32 page_address(u32 page)
{
    return WINDOW_START + page * PAGE_SIZE;
}

/* Chooses a range inside of the window: *first and the number of pages. */
static u32 model_range(struct space_model *model, u32 *first)
{
    *first = model_random(model, WINDOW_PAGES);
    return 1 + model_random(model, min(WINDOW_PAGES - *first, 24u));
}

static u32 *model_place(struct space_model *model, struct page_model *page)
{
    if (page->kind == SHARED_OBJECT)
        return &model->object_values[page->object_page];
    return &page->value;
}

static u32 model_value(struct space_model *model, const struct page_model *page)
{
    if (page->kind == SHARED_OBJECT ||
        (page->kind == PRIVATE_OBJECT && !page->own))
        return model->object_values[page->object_page];
    return page->value;
}

/* ---- the steps, each done to the space and to the model ------------------ */

static void step_map(struct space_model *model)
{
    u32 first, count = model_range(model, &first);
    enum page_kind kind = ANONYMOUS + model_random(model, 3);
    u32 object_page = model_random(model, WINDOW_PAGES - count + 1);
    struct mapping mapping = {
        .address = page_address(first),
        .size = count * PAGE_SIZE,
        .flags = model_random(model, 8),
        .may = RIGHTS,
        .fixed = true,
        .object = kind == ANONYMOUS ? NULL : model->object,
        .object_page = object_page,
    };
    struct page_model made = {.kind = kind, .rights = mapping.flags};
    if (kind == SHARED_OBJECT)
        mapping.flags |= AREA_SHARED;
    u32 address;
    int result = address_space_map(model->space, &mapping, &address);
    if (result < 0) {
        EXPECT_EQUAL(result, -ENOMEM);
        return;
    }
    EXPECT_EQUAL(address, mapping.address);
    for (u32 i = 0; i < count; i++) {
        made.object_page = object_page + i;
        model->pages[first + i] = made;
    }
}

static void step_unmap(struct space_model *model)
{
    u32 first, count = model_range(model, &first);
    int result = address_space_unmap(model->space, page_address(first),
                                     count * PAGE_SIZE);
    if (result == 0)
        memset(&model->pages[first], 0, count * sizeof(model->pages[0]));
    else
        EXPECT_EQUAL(result, -ENOMEM);
}

static bool model_covers(const struct space_model *model, u32 first, u32 count)
{
    for (u32 i = first; i < first + count; i++)
        if (model->pages[i].kind == UNMAPPED)
            return false;
    return true;
}

static void step_protect(struct space_model *model)
{
    u32 first, count = model_range(model, &first);
    u32 rights = model_random(model, 8);
    int result = address_space_protect(model->space, page_address(first),
                                       count * PAGE_SIZE, rights);
    if (!model_covers(model, first, count))
        EXPECT_EQUAL(result, -ENOMEM);
    if (result < 0)
        return;
    for (u32 i = first; i < first + count; i++)
        model->pages[i].rights = rights;
}

static void step_discard(struct space_model *model)
{
    u32 first, count = model_range(model, &first);
    int result = address_space_discard(model->space, page_address(first),
                                       count * PAGE_SIZE);
    EXPECT_EQUAL(result, model_covers(model, first, count) ? 0 : -ENOMEM);
    for (u32 i = first; i < first + count; i++) {
        model->pages[i].own = false;
        model->pages[i].value = 0;
    }
}

/* Lies the range in one area, as mremap wants it? */
static bool model_is_one(const struct space_model *model, u32 first, u32 count)
{
    const struct page_model *pages = &model->pages[first];
    for (u32 i = 0; i < count; i++)
        if (pages[i].kind == UNMAPPED || pages[i].kind != pages[0].kind ||
            pages[i].rights != pages[0].rights ||
            (pages[i].kind != ANONYMOUS &&
             pages[i].object_page != pages[0].object_page + i))
            return false;
    return true;
}

static bool model_is_free(const struct space_model *model, u32 first, u32 count)
{
    for (u32 i = first; i < first + count; i++)
        if (model->pages[i].kind != UNMAPPED)
            return false;
    return true;
}

static void step_remap(struct space_model *model)
{
    u32 from, to, count = model_range(model, &from);
    model_range(model, &to);
    if (to + count > WINDOW_PAGES || (to < from + count && from < to + count))
        return;
    struct remapping remapping = {
        .start = page_address(from),
        .old_size = count * PAGE_SIZE,
        .new_size = count * PAGE_SIZE,
        .flags = MREMAP_MAYMOVE | MREMAP_FIXED,
        .new_address = page_address(to),
    };
    /* A failure may come when the target is cleared already, as on Linux. */
    if (!model_is_one(model, from, count) ||
        (model->failing && !model_is_free(model, to, count)))
        return;
    u32 address;
    int result = address_space_remap(model->space, &remapping, &address);
    if (model->failing && result == -ENOMEM)
        return;
    EXPECT_EQUAL(result, 0);
    u32 size = count * sizeof(model->pages[0]);
    memcpy(&model->pages[to], &model->pages[from], size);
    memset(&model->pages[from], 0, size);
}

static void step_write(struct space_model *model)
{
    u32 first = model_random(model, WINDOW_PAGES);
    struct page_model *page = &model->pages[first];
    u32 value = model_random(model, 1u << 24) + 1;
    int result = space_store(model->space, page_address(first) + 8, value);
    bool may = page->kind != UNMAPPED && page->rights & AREA_WRITE;
    if (model->failing && result < 0)
        return;
    if (may)
        EXPECT_EQUAL(result, 0);
    else
        EXPECT_EQUAL(result, -EFAULT);
    if (!may)
        return;
    page->own = true;
    *model_place(model, page) = value;
}

/* What the CPU sees allows no more than it should: a writable entry is that
 * of a page that may be written, and, unless it is shared, nobody else's. */
static void entry_check(struct address_space *space,
                        const struct page_model *page, u32 address)
{
    page_table_entry *place = page_table_find(&space->page_table, address);
    page_table_entry entry = place != NULL ? *place : 0;
    if (!(entry & PTE_PRESENT))
        return;
    EXPECT(page->kind != UNMAPPED && page->rights != 0);
    if (!(entry & PTE_WRITE))
        return;
    EXPECT(page->rights & AREA_WRITE);
    struct frame *frame = frame_of_physical(entry & PTE_ADDRESS);
    EXPECT(page->kind == SHARED_OBJECT || frame->references == 1);
}

/* Every page that may be read holds what it should, in any space that is to
 * look like the model. */
static void model_compare(struct space_model *model,
                          struct address_space *space, u32 step)
{
    for (u32 i = 0; i < WINDOW_PAGES; i += step) {
        struct page_model *page = &model->pages[i];
        u32 value = 0;
        int result = address_space_copy_in(space, &value, page_address(i) + 8,
                                           sizeof(value));
        bool may = page->kind != UNMAPPED && page->rights != 0;
        entry_check(space, page, page_address(i));
        EXPECT_EQUAL(result, may ? 0 : -EFAULT);
        if (may)
            EXPECT_EQUAL(value, model_value(model, page));
    }
}

/* A child sees the parent's memory; what it writes is its own. */
static void step_fork(struct space_model *model)
{
    struct address_space *child = address_space_fork(model->space);
    EXPECT(child != NULL);
    if (child == NULL)
        return;
    model_compare(model, child, 1 + model_random(model, 4));
    for (u32 i = 0; i < WINDOW_PAGES; i += 3) {
        u32 value = ~i;
        if (model->pages[i].kind != SHARED_OBJECT)
            space_store(child, page_address(i) + 8, value);
    }
    step_write(model);
    model_compare(model, model->space, 1);
    address_space_put(child);
}

/* The areas are in order and their sum is what the space says. */
static void areas_check(struct address_space *space)
{
    u32 count = 0, pages = 0, end = 0;
    struct area *area = address_space_find_from(space, 0);
    while (area != NULL) {
        EXPECT(area->start >= end && area->start < area->end);
        end = area->end;
        count++;
        pages += (area->end - area->start) / PAGE_SIZE;
        area = address_space_find_from(space, end);
    }
    EXPECT_EQUAL(count, space->area_count);
    EXPECT_EQUAL(pages, space->mapped_pages);
}

static void (*const steps[])(struct space_model *) = {
    step_map,     step_write, step_write, step_unmap, step_protect,
    step_discard, step_remap, step_write, step_map,   step_write,
};

static struct space_model *model_create(u32 seed)
{
    struct space_model *model = heap_alloc_zeroed(sizeof(*model));
    if (model == NULL)
        return NULL;
    model->random = seed;
    model->space = address_space_create();
    model->object = memory_object_create(WINDOW_PAGES * PAGE_SIZE);
    return model;
}

static void model_destroy(struct space_model *model)
{
    address_space_put(model->space);
    memory_object_put(model->object);
    heap_free(model);
}

TEST_CHECKPOINT(vm_model, 8_seeds);
TEST(vm_model, "an address space is what a page-by-page model says it is")
{
    for (u32 seed = 1; seed <= 8; seed++) {
        struct space_model *model = model_create(seed);
        EXPECT(model != NULL && model->space != NULL && model->object != NULL);
        for (u32 i = 0; i < 400; i++) {
            steps[model_random(model, array_count(steps))](model);
            if (i % 10 == 0)
                areas_check(model->space);
            if (i % 40 == 0)
                step_fork(model);
        }
        model_compare(model, model->space, 1);
        model_destroy(model);
    }
    CHECKPOINT("8 seeds");
}

/* A fork that runs out of memory leaves the parent as it was. */
static void step_fork_only(struct space_model *model)
{
    struct address_space *child = address_space_fork(model->space);
    if (child != NULL)
        address_space_put(child);
}

TEST(vm_out_of_memory, "a step that finds no memory changes nothing")
{
    for (u32 seed = 1; seed <= 20; seed++) {
        struct space_model *model = model_create(seed);
        EXPECT(model != NULL && model->space != NULL && model->object != NULL);
        for (u32 i = 0; i < 100; i++) {
            model->failing = i % 2 != 0;
            if (model->failing)
                stack_base()->fail_after = 1 + model_random(model, 5);
            if (i % 16 == 15)
                step_fork_only(model);
            else
                steps[model_random(model, array_count(steps))](model);
            stack_base()->fail_after = 0;
            areas_check(model->space);
            if (model->failing)
                model_compare(model, model->space, 1 + i % 3);
        }
        model_destroy(model);
    }
}
