/*
 * Page faults: every page of a process gets its frame here.
 *
 *   no entry, anonymous   read: the one frame of zeroes, write: a fresh one
 *   no entry, an object   shared, or private and read: the object's frame;
 *                         private and written: a copy of it
 *   entry, not present    mprotect hid it (PROT_NONE): shown again
 *   entry, not writable   shared: may be written again; private: copied when
 *                         somebody else holds the frame, else taken over
 *
 * The copy of a frame has one reference, its entry's; so a private entry whose
 * frame has one is nobody else's.
 */
#include "vm/area.h"

#include "core/panic.h"
#include "sched/wait_queue.h"
#include "vm/upcalls.h"
#include "x86/clock.h"
#include "x86/trap.h"
#include "x86/upcalls.h"
#include <asm/errno.h>

/* Mapped wherever memory was read before it was written. Its own reference
 * keeps it from ever being taken over or freed. */
static u8 zero_page[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static struct frame *zero_frame;

void address_spaces_start(void)
{
    zero_frame = frame_of(zero_page);
    frame_get(zero_frame);
}

static struct frame *frame_copy(struct frame *frame)
{
    if (frame == zero_frame)
        return frame_alloc_zeroed();
    struct frame *copy = frame_alloc();
    if (copy != NULL)
        memcpy(frame_address(copy), frame_address(frame), PAGE_SIZE);
    return copy;
}

/* Fills an empty entry; the caller's reference becomes the entry's. */
static void entry_fill(struct address_space *space, page_table_entry *entry,
                       struct frame *frame, bool writable)
{
    *entry = frame_physical(frame) | PTE_PRESENT | PTE_USER |
             (writable ? PTE_WRITE : 0);
    if (++space->page_table.resident > space->peak_resident)
        space->peak_resident = space->page_table.resident;
}

int address_space_give(struct address_space *space, u32 address,
                       struct frame *frame)
{
    mutex_lock(&space->lock);
    page_table_entry *entry = page_table_make(&space->page_table, address);
    if (entry != NULL)
        entry_fill(space, entry, frame, true);
    mutex_unlock(&space->lock);
    return entry != NULL ? 0 : -ENOMEM;
}

static int fault_anonymous(struct address_space *space, page_table_entry *entry,
                           bool write)
{
    struct frame *frame = zero_frame;
    if (write)
        frame = frame_alloc_zeroed();
    else
        frame_get(frame);
    if (unlikely(frame == NULL))
        return -ENOMEM;
    entry_fill(space, entry, frame, write);
    return 0;
}

static int fault_object(struct address_space *space, const struct area *area,
                        u32 page, page_table_entry *entry, bool write)
{
    bool shared = area->flags & AREA_SHARED;
    bool writable = shared ? area->flags & AREA_WRITE : write;
    struct frame *frame;
    int result =
        memory_object_frame(area->object, area_object_page(area, page), &frame);
    if (result < 0)
        return result;
    if (write && !shared) {
        struct frame *copy = frame_copy(frame);
        frame_put(frame);
        if (copy == NULL)
            return -ENOMEM;
        frame = copy;
    }
    entry_fill(space, entry, frame, writable);
    return 0;
}

/* A write to a private page that may not be written (yet). The old frame is
 * forgotten everywhere before the copy is shown: else one thread could write
 * to the copy, and tell another, whose CPU still reads the old frame. */
static int fault_copy(struct address_space *space, u32 page,
                      page_table_entry *entry)
{
    struct frame *frame = frame_of_physical(*entry & PTE_ADDRESS);
    if (frame->references == 1) {
        *entry |= PTE_WRITE;
        tlb_invalidate_page(page);
        return 0;
    }
    struct frame *copy = frame_copy(frame);
    if (unlikely(copy == NULL))
        return -ENOMEM;
    page_table_entry bits = *entry & ~PTE_ADDRESS;
    *entry = 0;
    tlb_flush_range(&space->page_table, page, page + PAGE_SIZE);
    *entry = frame_physical(copy) | bits | PTE_WRITE;
    frame_put(frame);
    return 0;
}

/* The entry holds a frame; what keeps the access from it is a right that the
 * area has and the entry lacks, or nothing any more (another thread's fault
 * was faster, or this CPU remembered the entry as it was). */
static int fault_present(struct address_space *space, const struct area *area,
                         u32 page, page_table_entry *entry, bool write)
{
    if (!(*entry & PTE_PRESENT))
        *entry |= PTE_PRESENT;
    if (!write || *entry & PTE_WRITE)
        return 0;
    if (!(area->flags & AREA_SHARED))
        return fault_copy(space, page, entry);
    *entry |= PTE_WRITE;
    tlb_invalidate_page(page);
    return 0;
}

/* The stack, grown down to `address`, if that is what the access means. */
static struct area *stack_grow(struct address_space *space, u32 address)
{
    struct area *stack = address_space_find_from(space, address);
    if (stack == NULL || !(stack->flags & AREA_GROWS_DOWN))
        return NULL;
    u32 page = round_down(address, PAGE_SIZE);
    if (stack->end - page > space->stack_limit)
        return NULL;
    struct area *below = area_previous(stack);
    if (page < (below != NULL ? below->end : 0) + STACK_GUARD ||
        !space_may_grow(space, stack->flags, stack->start - page))
        return NULL;
    space->mapped_pages += (stack->start - page) / PAGE_SIZE;
    stack->start = page;
    return stack;
}

int fault_resolve(struct address_space *space, u32 address, bool write)
{
    struct area *area = address_space_find(space, address);
    if (unlikely(area == NULL)) {
        area = stack_grow(space, address);
        if (area == NULL)
            return -EFAULT;
    }
    /* i386 has no right to read or execute of its own: any right will do. */
    if (unlikely(!(area->flags & (write ? AREA_WRITE : AREA_RIGHTS))))
        return -EACCES;
    u32 page = round_down(address, PAGE_SIZE);
    page_table_entry *entry = page_table_make(&space->page_table, page);
    if (unlikely(entry == NULL))
        return -ENOMEM;
    if (*entry != 0)
        return fault_present(space, area, page, entry, write);
    if (area->object == NULL)
        return fault_anonymous(space, entry, write);
    return fault_object(space, area, page, entry, write);
}

/* So long is a page asked for that cannot be had: who must go for it may be on
 * its way. Some never can be had (a table too large for what is free). */
#define PATIENCE (2 * NANOSECONDS_PER_SECOND)

int on_page_fault(u32 address, u32 error)
{
    struct address_space *space = address_space_current();
    if (space == NULL)
        return -EFAULT;
    assert_checked(!mutex_is_mine(&space->lock));
    for (u64 until = 0;;) {
        mutex_lock(&space->lock);
        int result = fault_resolve(space, address, error & PAGE_FAULT_WRITE);
        mutex_unlock(&space->lock);
        if (likely(result == 0)) {
            on_fault_counted();
            return 0;
        }
        if (error & PAGE_FAULT_USER && thread_is_interrupted())
            return 0; /* its signals first: it may be about to end */
        until = until != 0 ? until : clock_nanoseconds() + PATIENCE;
        if (result != -ENOMEM || clock_nanoseconds() > until ||
            !on_out_of_memory())
            return result;
    }
}
