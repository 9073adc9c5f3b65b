/*
 * Small blocks come from pages that are cut into blocks of one class; larger
 * ones are runs of frames. `heap_class` in a page's struct frame says which,
 * so that a block needs no header.
 *
 *   heap_alloc <- this CPU's list of free blocks (interrupts off, no lock)
 *              <- pages with room, half a list at a time (heap_lock)
 *              <- frame_alloc
 *
 * A free block holds the link to the next one in its first word. An empty
 * page goes back to the frame allocator when its class has another page with
 * room, so that one block that comes and goes cuts no page up each time.
 */
#include "mem/heap.h"
#include "core/kasan.h"
#include "core/panic.h"
#include "core/spinlock.h"
#include "lib/string.h"
#include "mem/frame.h"
#include "mem/heap_internal.h"
#include "mem/inject.h"

#define CLASS_COUNT  13
#define CLASS_SLOTS  16 /* a power of two: rows are cheap to find */
#define SMALL_MAX    2048
#define CLASS_OF_RUN 0xffff

/* A CPU keeps at most so many free blocks of a class to itself. */
#define CACHED_MAX 16

/* heap_free in struct frame is a byte: a page has at most 255 blocks. */
#define CLASS_ROW(row, bytes)                                                  \
    [row] = {.size = (bytes),                                                  \
             .blocks = min(PAGE_SIZE / (bytes), 255),                          \
             .pages = LIST_INITIALIZER(classes[row].pages)}

static struct heap_class {
    u16 size;
    u16 blocks;        /* in one page */
    struct list pages; /* with room; under heap_lock, as is their content */
} classes[CLASS_COUNT] = {
    CLASS_ROW(0, 16),    CLASS_ROW(1, 32),   CLASS_ROW(2, 48),
    CLASS_ROW(3, 64),    CLASS_ROW(4, 96),   CLASS_ROW(5, 128),
    CLASS_ROW(6, 192),   CLASS_ROW(7, 256),  CLASS_ROW(8, 384),
    CLASS_ROW(9, 512),   CLASS_ROW(10, 768), CLASS_ROW(11, 1024),
    CLASS_ROW(12, 2048),
};

/* The class of a size in units of 16 bytes, rounded up. */
static const u8 class_of_units[SMALL_MAX / 16 + 1] = {
    [0 ... 1] = 0,     [2] = 1,         [3] = 2,          [4] = 3,
    [5 ... 6] = 4,     [7 ... 8] = 5,   [9 ... 12] = 6,   [13 ... 16] = 7,
    [17 ... 24] = 8,   [25 ... 32] = 9, [33 ... 48] = 10, [49 ... 64] = 11,
    [65 ... 128] = 12,
};

/* One CPU's free blocks of one class. */
struct heap_cache {
    struct free_block *first;
    u32 count;
};

static struct heap_cache caches[CPU_MAX][CLASS_SLOTS];

static struct spinlock heap_lock = SPINLOCK_INITIALIZER(RANK_HEAP);
/* Under heap_lock: */
static u32 blocks_taken; /* out of pages: in use or in a CPU's list */
static u32 page_count;
/* Atomic: */
static u32 run_count;
static u32 run_frames;

static struct heap_cache *cache_of(u32 class)
{
    return &caches[this_cpu()->index][class];
}

/* Cuts a new page into blocks. NULL when memory is out. */
static struct frame *page_create(u32 class)
{
    u32 suspended = allocation_failure_suspend();
    struct frame *frame = frame_alloc();
    allocation_failure_resume(suspended);
    if (frame == NULL)
        return NULL;
    const struct heap_class *c = &classes[class];
    struct free_block *block = frame_address(frame);
    if (CHECKED)
        heap_check_page(block, c->size, c->blocks);
    for (u32 i = 1; i < c->blocks; i++, block = block->next)
        block->next = (void *)block + c->size;
    block->next = NULL;
    kasan_forbid(frame_address(frame), PAGE_SIZE, KASAN_FREE_BLOCK);
    frame->heap_class = class + 1;
    frame->heap_free = c->blocks;
    frame->heap_first = 0;
    list_add_first(&classes[class].pages, &frame->link);
    page_count++;
    return frame;
}

static void page_destroy(struct frame *frame)
{
    list_remove(&frame->link);
    frame->heap_class = 0;
    frame->order = 0;
    page_count--;
    frame_put(frame);
}

static struct free_block *page_take(struct frame *frame, u32 size)
{
    void *page = frame_address(frame);
    struct free_block *block = page + frame->heap_first * size;
    if (--frame->heap_free == 0)
        list_remove(&frame->link);
    else
        frame->heap_first = (u32)((void *)block->next - page) / size;
    blocks_taken++;
    return block;
}

static void page_give(struct free_block *block, struct heap_class *class)
{
    struct frame *frame = frame_of(block);
    void *page = frame_address(frame);
    block->next = NULL;
    if (frame->heap_free != 0)
        block->next = page + frame->heap_first * class->size;
    else
        list_add_first(&class->pages, &frame->link);
    frame->heap_first = (u32)((void *)block - page) / class->size;
    frame->heap_free++;
    blocks_taken--;
    if (frame->heap_free == class->blocks &&
        class->pages.next != class->pages.previous)
        page_destroy(frame);
}

/* Fills an empty list of this CPU by half. Interrupts are off. */
static void cache_fill(struct heap_cache *cache, u32 class)
{
    struct list *pages = &classes[class].pages;
    spin_lock(&heap_lock);
    while (cache->count < CACHED_MAX / 2) {
        if (list_is_empty(pages) && page_create(class) == NULL)
            break;
        struct free_block *block = page_take(
            list_first(pages, struct frame, link), classes[class].size);
        block->next = cache->first;
        cache->first = block;
        cache->count++;
    }
    spin_unlock(&heap_lock);
}

/* The slow half of heap_alloc. Interrupts are off. */
static slow_path struct free_block *block_alloc_from_pages(u32 class)
{
    struct heap_cache *cache = cache_of(class);
    cache_fill(cache, class);
    struct free_block *block = cache->first;
    if (block != NULL) {
        cache->first = block->next;
        cache->count--;
    }
    return block;
}

/* The slow half of heap_free: halves a list that is full. Interrupts off. */
static slow_path void cache_empty(u32 class)
{
    struct heap_cache *cache = cache_of(class);
    spin_lock(&heap_lock);
    while (cache->count > CACHED_MAX / 2) {
        struct free_block *block = cache->first;
        cache->first = block->next;
        cache->count--;
        page_give(block, &classes[class]);
    }
    spin_unlock(&heap_lock);
}

static slow_path void *run_alloc(size_t size)
{
    if (size > HEAP_SIZE_MAX)
        return NULL;
    u32 order = frame_order(size);
    u32 suspended = allocation_failure_suspend();
    struct frame *frame = frame_alloc_run(order);
    allocation_failure_resume(suspended);
    if (frame == NULL)
        return NULL;
    frame->heap_class = CLASS_OF_RUN;
    __atomic_fetch_add(&run_count, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&run_frames, 1u << order, __ATOMIC_RELAXED);
    if (CHECKED)
        heap_check_run(frame_address(frame), size, PAGE_SIZE << order);
    return frame_address(frame);
}

static slow_path void run_free(void *block)
{
    struct frame *frame = frame_of(block);
    if (frame->heap_class != CLASS_OF_RUN || block != frame_address(frame))
        panic("heap_free: %p is no block of the heap", block);
    u32 order = frame->order;
    frame->heap_class = 0;
    __atomic_fetch_sub(&run_count, 1, __ATOMIC_RELAXED);
    __atomic_fetch_sub(&run_frames, 1u << order, __ATOMIC_RELAXED);
    frame_free_run(frame, order);
}

void *heap_alloc(size_t size)
{
    if (allocation_must_fail())
        return NULL;
    if (unlikely(size > SMALL_MAX - HEAP_GUARD_SIZE))
        return run_alloc(size);
    u32 class = class_of_units[(size + HEAP_GUARD_SIZE + 15) / 16];
    bool enabled = cpu_interrupts_save();
    struct heap_cache *cache = cache_of(class);
    struct free_block *block = cache->first;
    if (likely(block != NULL)) {
        cache->first = block->next;
        cache->count--;
    } else {
        block = block_alloc_from_pages(class);
    }
    cpu_interrupts_restore(enabled);
    if (CHECKED && block != NULL)
        heap_check_alloc(block, size, classes[class].size);
    return block;
}

void *heap_alloc_zeroed(size_t size)
{
    void *block = heap_alloc(size);
    if (block != NULL)
        memset(block, 0, size);
    return block;
}

void heap_free(void *block)
{
    if (block == NULL)
        return;
    u32 class = frame_of(block)->heap_class - 1u;
    if (unlikely(class >= CLASS_COUNT)) {
        run_free(block);
        return;
    }
    if (CHECKED)
        heap_check_free(block, classes[class].size);
    struct free_block *freed = block;
    bool enabled = cpu_interrupts_save();
    struct heap_cache *cache = cache_of(class);
    freed->next = cache->first;
    cache->first = freed;
    if (unlikely(++cache->count > CACHED_MAX))
        cache_empty(class);
    cpu_interrupts_restore(enabled);
}

/* The bytes of a block that its owner may use. */
static size_t usable_size(const void *block)
{
    const struct frame *frame = frame_of(block);
    assert_checked(frame->heap_class != 0);
    if (frame->heap_class == CLASS_OF_RUN)
        return PAGE_SIZE << frame->order;
    return classes[frame->heap_class - 1].size - HEAP_GUARD_SIZE;
}

size_t heap_size(const void *block)
{
    size_t size = usable_size(block);
    kasan_allow(block, size);
    return size;
}

void *heap_resize(void *block, size_t new_size)
{
    if (block == NULL)
        return heap_alloc(new_size);
    size_t size = heap_size(block);
    if (new_size <= size)
        return block;
    void *larger = heap_alloc(new_size);
    if (larger == NULL)
        return NULL;
    memcpy(larger, block, size);
    heap_free(block);
    return larger;
}

u32 heap_block_count(void)
{
    u32 count = blocks_taken + run_count;
    for (u32 cpu = 0; cpu < CPU_MAX; cpu++)
        for (u32 class = 0; class < CLASS_COUNT; class ++)
            count -= caches[cpu][class].count;
    return count;
}

u32 heap_frame_count(void)
{
    return page_count + run_frames;
}
