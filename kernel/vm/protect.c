/*
 * Changing what is mapped already: mprotect and madvise's forgetting.
 *
 * Rights are taken from the entries at once and on every CPU; rights that
 * come back are given by the next fault, one page at a time.
 */
#include "vm/area.h"

#include <asm/errno.h>

/* PROT_NONE: the entries keep their frames, the CPU sees none of them. */
static void entries_hide(struct page_table *table, u32 start, u32 end)
{
    for (u32 page = start; page < end; page += PAGE_SIZE) {
        page_table_entry *entry = page_table_find(table, page);
        if (entry == NULL)
            page |= LARGE_PAGE_SIZE - PAGE_SIZE; /* the rest of its table */
        else
            *entry &= ~(PTE_PRESENT | PTE_WRITE);
    }
    tlb_flush_range(table, start, end);
}

static void area_set_rights(struct address_space *space, struct area *area,
                            u32 rights)
{
    u32 lost = area->flags & AREA_RIGHTS & ~rights;
    area->flags = (area->flags & ~AREA_RIGHTS) | rights;
    if (rights == 0)
        entries_hide(&space->page_table, area->start, area->end);
    else if (lost & AREA_WRITE)
        page_table_write_protect(&space->page_table, area->start, area->end);
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

int address_space_protect(struct address_space *space, u32 start, u32 size,
                          u32 rights)
{
    if (start % PAGE_SIZE != 0)
        return -EINVAL;
    if (size == 0)
        return 0;
    if (start > USER_END || size > USER_END - start)
        return -ENOMEM;
    mutex_lock(&space->lock);
    int result =
        protect(space, start, start + round_up(size, PAGE_SIZE), rights);
    mutex_unlock(&space->lock);
    return result;
}

int address_space_discard(struct address_space *space, u32 start, u32 size)
{
    if (start % PAGE_SIZE != 0)
        return -EINVAL;
    if (size == 0)
        return 0;
    if (start > USER_END || size > USER_END - start)
        return -ENOMEM;
    u32 end = start + round_up(size, PAGE_SIZE);
    mutex_lock(&space->lock);
    int result = address_space_covers(space, start, end) ? 0 : -ENOMEM;
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
