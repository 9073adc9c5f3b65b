/*
 * Changing what is mapped already: mprotect and madvise's forgetting.
 *
 * Rights are taken from the entries at once and on every CPU; rights that
 * come back are given by the next fault, one page at a time.
 */
#include "vm/area.h"

#include <asm/errno.h>

static void area_set_rights(struct address_space *space, struct area *area,
                            u32 rights)
{
    u32 lost = area->flags & AREA_RIGHTS & ~rights;
    area->flags = (area->flags & ~AREA_RIGHTS) | rights;
    /* PROT_NONE: the entries keep their frames, the CPU sees none of them. */
    u32 taken = rights == 0 ? PTE_PRESENT | PTE_WRITE : PTE_WRITE;
    if (rights == 0 || lost & AREA_WRITE)
        page_table_take_rights(&space->page_table, area->start, area->end,
                               taken);
}

/* Lock held. May all areas of the range have these rights? */
static int rights_check(struct address_space *space, u32 start, u32 end,
                        u32 rights)
{
    if (!address_space_covers(space, start, end))
        return -ENOMEM;
    struct area *area = address_space_find(space, start);
    for (; area != NULL && area->start < end; area = area_next(area)) {
        u32 size = min(area->end, end) - max(area->start, start);
        if (rights & ~area->may)
            return -EACCES;
        if (!area_may_become(area, (area->flags & ~AREA_RIGHTS) | rights, size))
            return -ENOMEM;
    }
    return 0;
}

static int protect(struct address_space *space, u32 start, u32 end, u32 rights)
{
    int result = rights_check(space, start, end, rights);
    if (result == 0)
        result = area_isolate(space, start, end);
    if (result < 0)
        return result;
    struct area *area = address_space_find(space, start);
    for (; area != NULL && area->start < end; area = area_next(area))
        area_set_rights(space, area, rights);
    area_merge(space, start, end);
    return 0;
}

static int range_check(u32 start, u32 size)
{
    if (start % PAGE_SIZE != 0)
        return -EINVAL;
    bool outside = start > USER_END || size > USER_END - start;
    return size != 0 && outside ? -ENOMEM : 0;
}

int address_space_protect(struct address_space *space, u32 start, u32 size,
                          u32 rights)
{
    int result = range_check(start, size);
    if (result < 0 || size == 0)
        return result;
    mutex_lock(&space->lock);
    result = protect(space, start, start + round_up(size, PAGE_SIZE), rights);
    mutex_unlock(&space->lock);
    return result;
}

int address_space_discard(struct address_space *space, u32 start, u32 size)
{
    int result = range_check(start, size);
    if (result < 0 || size == 0)
        return result;
    u32 end = start + round_up(size, PAGE_SIZE);
    mutex_lock(&space->lock);
    result = address_space_covers(space, start, end) ? 0 : -ENOMEM;
    struct area *area = address_space_find_from(space, start);
    for (; area != NULL && area->start < end; area = area_next(area))
        if (area->flags & AREA_LOCKED)
            result = -EINVAL;
        else
            page_table_unmap(&space->page_table, max(area->start, start),
                             min(area->end, end), start, start);
    mutex_unlock(&space->lock);
    return result;
}
