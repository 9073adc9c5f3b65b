/*
 * Locked memory, and pages that are made before they are touched.
 *
 * Nothing is ever paged out, so a lock means little: its pages are there from
 * the start, madvise does not forget them, and RLIMIT_MEMLOCK counts them.
 */
#include "vm/area.h"

u64 address_space_locked(struct address_space *space, u32 start, u32 end)
{
    u64 bytes = 0;
    mutex_lock(&space->lock);
    struct area *area = area_of(tree_first(&space->areas));
    for (; area != NULL; area = area_next(area)) {
        u32 low = max(area->start, start), high = min(area->end, end);
        if (area->flags & AREA_LOCKED)
            bytes += area->end - area->start;
        else if (low < high)
            bytes += high - low;
    }
    mutex_unlock(&space->lock);
    return bytes;
}

int address_space_lock(struct address_space *space, u32 start, u32 end,
                       bool locked)
{
    mutex_lock(&space->lock);
    int result = area_isolate(space, start, end);
    struct area *area = address_space_find_from(space, start);
    for (; result == 0 && area != NULL && area->start < end;
         area = area_next(area))
        area->flags = (area->flags & ~AREA_LOCKED) | (locked ? AREA_LOCKED : 0);
    area_merge(space, start, end);
    mutex_unlock(&space->lock);
    return result;
}

/* Lock held. Populates from `page` on in the first area that has some of the
 * range; where to go on in *page. */
static int populate_page(struct address_space *space, u32 *page, u32 end)
{
    struct area *area = address_space_find_from(space, *page);
    if (area == NULL || area->start >= end) {
        *page = end;
        return 0;
    }
    u32 address = max(*page, area->start), area_end = area->end;
    u32 kind = area->flags & (AREA_WRITE | AREA_SHARED);
    int result = fault_resolve(space, address, kind == AREA_WRITE);
    *page = result == 0 ? address + PAGE_SIZE : area_end;
    return result;
}

int address_space_populate(struct address_space *space, u32 start, u32 end)
{
    int result = 0;
    for (u32 page = start; page < end;) {
        mutex_lock(&space->lock);
        int error = populate_page(space, &page, end);
        mutex_unlock(&space->lock);
        if (error < 0)
            result = error;
    }
    return result;
}
