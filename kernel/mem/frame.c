/*
 * A buddy allocator behind a per-CPU stack of single frames.
 *
 * A free run of 2^n frames starts at a multiple of 2^n; its buddy is the run
 * whose number differs in bit n alone. A run that comes back joins its buddy
 * when that is free too, and so on upwards. The first frame of each free run
 * has RUN_FREE in `order`; no other frame has, so one look tells.
 *
 * A CPU's own stack needs only interrupts off. It is filled and emptied half
 * at a time, under the lock. Frames in it are not free runs and not in use.
 */
#include "mem/frame.h"
#include "core/kasan.h"
#include "core/panic.h"
#include "core/spinlock.h"
#include "lib/instructions.h"
#include "lib/string.h"
#include "mem/frame_internal.h"
#include "mem/inject.h"

#define RUN_FREE 0x8000u

#define CACHE_SIZE  255 /* with its count, a cache fills sixteen cache lines */
#define CACHE_LEAST 31
#define CACHE_SHARE 256 /* of all frames: so many a CPU keeps at most */
#define BATCH_ORDER 4

#define FRAME_POISON 0xdd

#define RESERVED_SHARE 32 /* of all frames: see frames_are_scarce */

struct frame_cache {
    u32 count;
    struct frame *frames[CACHE_SIZE];
};

struct frame *frames;
u32 frame_total;

static struct frame_cache caches[CPU_MAX];

static struct spinlock frame_lock = SPINLOCK_INITIALIZER(RANK_FRAME);
/* Under frame_lock: */
static struct list free_runs[FRAME_ORDER_MAX + 1];
static u32 free_run_frames; /* how many frames all those runs hold */
static u32 managed_frames;

/* Frames that a CPU keeps at most; half of them come and go at a time. Grows
 * while the kernel starts. */
static u32 cache_limit = CACHE_LEAST;

static void run_insert(struct frame *frame, u32 order)
{
    frame->order = RUN_FREE | order;
    list_add_first(&free_runs[order], &frame->link);
}

static void run_extract(struct frame *frame)
{
    frame->order = 0;
    list_remove(&frame->link);
}

/* Takes a run from the smallest that will do; what is cut off stays free. */
static struct frame *buddy_take(u32 order)
{
    u32 found = order;
    while (found <= FRAME_ORDER_MAX && list_is_empty(&free_runs[found]))
        found++;
    if (found > FRAME_ORDER_MAX)
        return NULL;
    struct frame *frame = list_first(&free_runs[found], struct frame, link);
    run_extract(frame);
    while (found > order) {
        found--;
        run_insert(frame + (1u << found), found);
    }
    free_run_frames -= 1u << order;
    return frame;
}

static void buddy_give(struct frame *frame, u32 order)
{
    free_run_frames += 1u << order;
    u32 index = frame - frames;
    for (; order < FRAME_ORDER_MAX; order++) {
        u32 buddy = index ^ 1u << order;
        if (buddy >= frame_total || frames[buddy].order != (RUN_FREE | order))
            break;
        run_extract(&frames[buddy]);
        index = min(index, buddy);
    }
    run_insert(&frames[index], order);
}

/* Fills an empty cache by half: with runs where there are any, so that frames
 * taken one after the other are neighbours, else with what there is. */
static void cache_fill(struct frame_cache *cache)
{
    spin_lock(&frame_lock);
    while (cache->count < cache_limit / 2) {
        u32 count = 1u << BATCH_ORDER;
        struct frame *run = buddy_take(BATCH_ORDER);
        if (run == NULL) {
            count = 1;
            run = buddy_take(0);
        }
        if (run == NULL)
            break;
        while (count-- != 0)
            cache->frames[cache->count++] = run++;
    }
    spin_unlock(&frame_lock);
}

/* Gives all but `kept` frames of this CPU's cache back; interrupts are off. */
static void cache_empty(u32 kept)
{
    struct frame_cache *cache = &caches[this_cpu()->index];
    spin_lock(&frame_lock);
    while (cache->count > kept)
        buddy_give(cache->frames[--cache->count], 0);
    spin_unlock(&frame_lock);
}

/* The slow half of frame_alloc; interrupts are off. */
static slow_path struct frame *frame_alloc_from_buddies(void)
{
    struct frame_cache *cache = &caches[this_cpu()->index];
    cache_fill(cache);
    if (cache->count == 0)
        return NULL;
    struct frame *frame = cache->frames[--cache->count];
    frame->references = 1;
    return frame;
}

/* About 20 instructions; the slow half is a function of its own so that this
 * one need not save registers for it. */
struct frame *frame_alloc(void)
{
    if (allocation_must_fail())
        return NULL;
    bool enabled = cpu_interrupts_save();
    struct frame_cache *cache = &caches[this_cpu()->index];
    struct frame *frame;
    if (likely(cache->count != 0)) {
        frame = cache->frames[--cache->count];
        frame->references = 1;
    } else {
        frame = frame_alloc_from_buddies();
    }
    cpu_interrupts_restore(enabled);
    if (KASAN && frame != NULL)
        kasan_allow(frame_address(frame), PAGE_SIZE);
    return frame;
}

struct frame *frame_alloc_zeroed(void)
{
    struct frame *frame = frame_alloc();
    if (frame != NULL)
        words_fill(frame_address(frame), 0, PAGE_SIZE / sizeof(u32));
    return frame;
}

/* What a stale mapping or pointer reads from now on. */
static void frames_poison(struct frame *frame, size_t size)
{
    kasan_allow(frame_address(frame), size);
    memset(frame_address(frame), FRAME_POISON, size);
    kasan_forbid(frame_address(frame), size, KASAN_FREE_FRAME);
}

/* The slow half of frame_free; interrupts are off. */
static slow_path void frame_free_to_full_cache(struct frame *frame)
{
    struct frame_cache *cache = &caches[this_cpu()->index];
    cache_empty(cache_limit / 2);
    cache->frames[cache->count++] = frame;
}

void frame_free(struct frame *frame)
{
    assert_checked(frame->references == 0 && frame->order == 0 &&
                   frame->heap_class == 0);
    if (CHECKED)
        frames_poison(frame, PAGE_SIZE);
    bool enabled = cpu_interrupts_save();
    struct frame_cache *cache = &caches[this_cpu()->index];
    if (likely(cache->count < cache_limit))
        cache->frames[cache->count++] = frame;
    else
        frame_free_to_full_cache(frame);
    cpu_interrupts_restore(enabled);
}

/* A run may be missing only because this CPU's cache holds parts of it. */
static struct frame *run_take(u32 order)
{
    spin_lock(&frame_lock);
    struct frame *frame = buddy_take(order);
    spin_unlock(&frame_lock);
    if (frame != NULL)
        return frame;
    bool enabled = cpu_interrupts_save();
    cache_empty(0);
    cpu_interrupts_restore(enabled);
    spin_lock(&frame_lock);
    frame = buddy_take(order);
    spin_unlock(&frame_lock);
    return frame;
}

struct frame *frame_alloc_run(u32 order)
{
    if (order == 0)
        return frame_alloc();
    if (allocation_must_fail() || order > FRAME_ORDER_MAX)
        return NULL;
    struct frame *frame = run_take(order);
    if (frame == NULL)
        return NULL;
    frame->order = order;
    frame->references = 1;
    kasan_allow(frame_address(frame), PAGE_SIZE << order);
    return frame;
}

void frame_free_run(struct frame *frame, u32 order)
{
    assert(frame->references == 1 && frame->order == order);
    frame->references = 0;
    frame->order = 0;
    if (order == 0) {
        frame_free(frame);
        return;
    }
    if (CHECKED)
        frames_poison(frame, PAGE_SIZE << order);
    spin_lock(&frame_lock);
    buddy_give(frame, order);
    spin_unlock(&frame_lock);
}

u32 frame_free_count(void)
{
    u32 count = free_run_frames;
    for (u32 i = 0; i < CPU_MAX; i++)
        count += caches[i].count;
    return count;
}

u32 frame_managed_count(void)
{
    return managed_frames;
}

bool frames_are_scarce(void)
{
    return frame_free_count() < managed_frames / RESERVED_SHARE;
}

/* The largest aligned run that starts at `index` and fits before `end`. */
static u32 largest_order(u32 index, u32 end)
{
    u32 order = 0;
    while (order < FRAME_ORDER_MAX && index % (2u << order) == 0 &&
           end - index >= 2u << order)
        order++;
    return order;
}

void frames_release_range(physical_address start, physical_address end)
{
    u32 index = round_up(start, PAGE_SIZE) >> PAGE_SHIFT;
    u32 last = end >> PAGE_SHIFT;
    spin_lock(&frame_lock);
    while (index < last) {
        u32 order = largest_order(index, last);
        kasan_forbid(frame_address(&frames[index]), PAGE_SIZE << order,
                     KASAN_FREE_FRAME);
        buddy_give(&frames[index], order);
        managed_frames += 1u << order;
        index += 1u << order;
    }
    cache_limit =
        min(CACHE_SIZE, max(CACHE_LEAST, managed_frames / CACHE_SHARE));
    spin_unlock(&frame_lock);
}

void frame_lists_initialize(void)
{
    for (u32 order = 0; order <= FRAME_ORDER_MAX; order++)
        list_initialize(&free_runs[order]);
}
