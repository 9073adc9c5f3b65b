/*
 * Address spaces from birth to death, and fork between.
 *
 * A space that nobody has a reference to any more needs no lock.
 * On every way out of memory what was built is given back by the same
 * address_space_put that ends a space in the usual way.
 */
#include "vm/address_space.h"

#include "core/atomic.h"
#include "core/panic.h"
#include "mem/heap.h"
#include "sched/thread.h"
#include "vm/area.h"

#define STACK_LIMIT_DEFAULT (8 * MIB)

static u32 space_count; /* atomic */

struct address_space *address_space_create(void)
{
    struct address_space *space = heap_alloc_zeroed(sizeof(*space));
    if (space == NULL)
        return NULL;
    if (page_table_create(&space->page_table) < 0) {
        heap_free(space);
        return NULL;
    }
    mutex_initialize(&space->lock, RANK_ADDRESS_SPACE);
    space->references = 1;
    space->stack_limit = STACK_LIMIT_DEFAULT;
    space->free_below = map_ceiling(space);
    atomic_increment(&space_count);
    return space;
}

void address_space_get(struct address_space *space)
{
    assert_checked(space->references != 0);
    atomic_increment(&space->references);
}

/* Unmaps in few calls: areas that share page tables go together, the wide
 * empty stretches between are never looked at. */
static void space_unmap_all(struct address_space *space)
{
    struct area *area = area_of(tree_first(&space->areas));
    u32 floor = 0;
    while (area != NULL) {
        u32 start = area->start, end = area->end;
        while ((area = area_next(area)) != NULL &&
               area->start - end < LARGE_PAGE_SIZE)
            end = area->end;
        u32 ceiling = area != NULL ? area->start : USER_END;
        page_table_unmap(&space->page_table, start, end, floor, ceiling);
        floor = end;
    }
}

/* All areas as one chain; the tree is gone afterwards. */
static struct area *space_take_areas(struct address_space *space)
{
    struct area *area = area_of(tree_last(&space->areas));
    struct area *chain = NULL;
    while (area != NULL) {
        struct area *previous = area_previous(area);
        /* Links to the right lead to what has been visited already. */
        area->node.right = chain != NULL ? &chain->node : NULL;
        chain = area;
        area = previous;
    }
    space->areas.root = NULL;
    return chain;
}

void address_space_put(struct address_space *space)
{
    if (!atomic_decrement(&space->references))
        return;
    page_table_leave(&space->page_table);
    space_unmap_all(space);
    area_chain_free(space_take_areas(space));
    page_table_destroy(&space->page_table);
    heap_free(space);
    atomic_add(&space_count, -1u);
}

static void space_copy_numbers(struct address_space *from,
                               struct address_space *to)
{
    to->free_below = from->free_below;
    to->heap_start = from->heap_start;
    to->heap_end = from->heap_end;
    to->stack_limit = from->stack_limit;
    to->arguments_start = from->arguments_start;
    to->arguments_end = from->arguments_end;
    to->environment_start = from->environment_start;
    to->environment_end = from->environment_end;
}

/* Copies areas and entries in ascending order. False when out of memory. */
static bool space_copy_areas(struct address_space *from,
                             struct address_space *to)
{
    struct area *area = area_of(tree_first(&from->areas));
    struct area *last = NULL;
    for (; area != NULL; area = area_next(area)) {
        struct area *copy = area_copy(area);
        if (copy == NULL)
            return false;
        copy->flags &= ~AREA_LOCKED;
        area_append(to, copy, last);
        last = copy;
        if (page_table_copy(&from->page_table, &to->page_table, area->start,
                            area->end, area->flags & AREA_SHARED) < 0)
            return false;
    }
    return true;
}

struct address_space *address_space_fork(struct address_space *space)
{
    struct address_space *child = address_space_create();
    if (child == NULL)
        return NULL;
    mutex_lock(&space->lock);
    /* A file that shrinks may find the child through its areas already. */
    mutex_lock_nested(&child->lock);
    space_copy_numbers(space, child);
    bool copied = space_copy_areas(space, child);
    /* What has lost the right to write has lost it, copied or not. */
    tlb_flush_range(&space->page_table, USER_START, USER_END);
    child->peak_resident = child->page_table.resident;
    mutex_unlock(&child->lock);
    mutex_unlock(&space->lock);
    if (!copied) {
        address_space_put(child);
        return NULL;
    }
    return child;
}

struct address_space *address_space_current(void)
{
    struct page_table *table = current_thread()->page_table;
    if (table == NULL)
        return NULL;
    return container_of(table, struct address_space, page_table);
}

u32 address_space_resident(const struct address_space *space)
{
    return space->page_table.resident;
}

u32 address_space_count(void)
{
    return atomic_load(&space_count);
}
