/*
 * Physical memory in frames of 4 KiB, each with a count of its references.
 *
 * A buddy allocator (runs of 2^order frames, order <= FRAME_ORDER_MAX) behind
 * a per-CPU stack of single frames, so that the usual allocation takes no
 * lock. Nothing panics when memory is out: NULL comes back.
 * Any context may allocate and free.
 */
#pragma once

#include "core/layout.h"
#include "lib/list.h"

#define FRAME_ORDER_MAX 10

/* One per physical frame, in one array. A free frame has 0 references.
 * `references` is atomic; the rest belongs to who owns the frame (while free:
 * to the allocator, under its lock). A frame that was never given to the
 * allocator (the kernel's, the array's) is all zeroes. */
struct frame {
    volatile u32 references;
    union {
        u16 order; /* of a run's first frame, else 0 */
        struct {
            u8 heap_free;  /* heap page: blocks that are free, and */
            u8 heap_first; /* the index of the first of them */
        };
    };
    u16 heap_class;   /* heap: size class + 1 of a heap page, else 0 */
    struct list link; /* free list; while in use: the owner's */
};

extern struct frame *frames; /* indexed by physical address / PAGE_SIZE */
extern u32 frame_total;      /* frames in the array */

/* Builds the array inside the first range that can hold it and frees all of
 * boot_info's ranges but the kernel image, the array and the modules.
 * Returns false when there is not enough memory for that. */
bool frames_start(void);

/* Gives [start, end) to the allocator (the ramdisk, once it was copied). */
void frames_release_range(physical_address start, physical_address end);

/* One frame with one reference; contents undefined. NULL when out. */
struct frame *frame_alloc(void);
struct frame *frame_alloc_zeroed(void);

/* 2^order frames in a row, aligned to that; free with frame_free_run. The
 * first frame carries the one reference. */
struct frame *frame_alloc_run(u32 order);
void frame_free_run(struct frame *frame, u32 order);

/* The slow half of frame_put: takes back a frame without references. */
void frame_free(struct frame *frame);

/* Free frames now, in the buddy lists and all per-CPU caches. */
u32 frame_free_count(void);
/* Frames that were given to the allocator since boot. */
u32 frame_managed_count(void);
/* Are so few left that files and names in memory may not have them? Programs
 * have the rest, so that a full disc can still be tidied up. */
bool frames_are_scarce(void);

/* The least order whose run holds `size` bytes. */
static inline u32 frame_order(u32 size)
{
    u32 order = 0;
    while (PAGE_SIZE << order < size)
        order++;
    return order;
}

static inline struct frame *frame_of_physical(physical_address address)
{
    return &frames[address >> PAGE_SHIFT];
}

static inline physical_address frame_physical(const struct frame *frame)
{
    return (physical_address)(frame - frames) << PAGE_SHIFT;
}

static inline void *frame_address(const struct frame *frame)
{
    return physical_to_virtual(frame_physical(frame));
}

static inline struct frame *frame_of(const void *pointer)
{
    return frame_of_physical(virtual_to_physical(pointer));
}

static inline void frame_get(struct frame *frame)
{
    __atomic_fetch_add(&frame->references, 1, __ATOMIC_RELAXED);
}

static inline void frame_put(struct frame *frame)
{
    if (__atomic_sub_fetch(&frame->references, 1, __ATOMIC_SEQ_CST) == 0)
        frame_free(frame);
}
