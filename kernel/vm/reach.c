/*
 * Reaching into an address space from outside: other processes' memory for
 * /proc, argument pages for exec, futex words.
 *
 * Memory is reached through the kernel's own mapping of the frame, never
 * through user addresses, so the lock may be held while bytes are copied:
 * nothing here can fault. The rights are those that the process itself has.
 */
#include "vm/area.h"

#include <asm/errno.h>

/* What the outside is told: out of memory, or that it can't be reached. */
static int reach_result(int result)
{
    return result == 0 || result == -ENOMEM ? result : -EFAULT;
}

/* Lock held. The byte at `address` in the kernel's mapping, its page present.
 */
static int reach(struct address_space *space, u32 address, bool write,
                 void **place)
{
    if (address >= USER_END)
        return -EFAULT;
    int result = fault_resolve(space, address, write);
    if (result < 0)
        return result;
    page_table_entry entry = *page_table_find(&space->page_table, address);
    *place = physical_to_virtual((entry & PTE_ADDRESS) | address % PAGE_SIZE);
    return 0;
}

int address_space_pin(struct address_space *space, u32 address, bool write,
                      struct frame **frame)
{
    void *place;
    mutex_lock(&space->lock);
    int result = reach(space, address, write, &place);
    if (result == 0) {
        *frame = frame_of(place);
        frame_get(*frame);
    }
    mutex_unlock(&space->lock);
    return reach_result(result);
}

/* Copies to `bytes`; NULL: clears. */
static int reach_each(struct address_space *space, u32 address, void *bytes,
                      u32 size)
{
    for (u32 done = 0, part; done < size; done += part) {
        u32 at = address + done;
        part = min(size - done, PAGE_SIZE - at % PAGE_SIZE);
        void *place;
        mutex_lock(&space->lock);
        int result = reach(space, at, bytes == NULL, &place);
        if (result == 0 && bytes != NULL)
            memcpy((u8 *)bytes + done, place, part);
        else if (result == 0)
            memset(place, 0, part);
        mutex_unlock(&space->lock);
        if (result < 0)
            return reach_result(result);
    }
    return 0;
}

int address_space_copy_in(struct address_space *space, void *destination,
                          u32 source, u32 size)
{
    return reach_each(space, source, destination, size);
}

int address_space_clear(struct address_space *space, u32 start, u32 size)
{
    return reach_each(space, start, NULL, size);
}

/* Lock held. Would a touch of this page find it there? */
static bool page_is_near(struct address_space *space, u32 page)
{
    page_table_entry *entry = page_table_find(&space->page_table, page);
    if (entry != NULL && *entry != 0)
        return true;
    struct area *area = address_space_find(space, page);
    if (area->object == NULL)
        return false;
    struct frame *frame =
        memory_object_peek(area->object, area_object_page(area, page));
    if (frame != NULL)
        frame_put(frame);
    return frame != NULL;
}

int address_space_presence(struct address_space *space, u32 start, u32 count,
                           u8 *present)
{
    mutex_lock(&space->lock);
    bool covered =
        address_space_covers(space, start, start + count * PAGE_SIZE);
    for (u32 i = 0; covered && i < count; i++)
        present[i] = page_is_near(space, start + i * PAGE_SIZE);
    mutex_unlock(&space->lock);
    return covered ? 0 : -ENOMEM;
}
