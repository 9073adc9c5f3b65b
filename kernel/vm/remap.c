/*
 * mremap: a mapping grows, shrinks, or moves with its pages.
 *
 * Pages move by their entries; no byte is copied. A move first makes every
 * page table that it will need, so that it cannot stop half-way.
 */
#include "vm/area.h"

#include <asm/errno.h>
#include <linux/mman.h>

/* A move under way: the old area (isolated), and where its pages go. */
struct move {
    u32 from, from_size;
    u32 to, to_size;
    struct area *chain; /* areas to be freed without the lock */
};

/* Calls for each entry of [start, start + size) that holds a frame, until
 * one fails. */
static int entries_each(struct page_table *table, const struct move *move,
                        int (*step)(struct page_table *, page_table_entry *,
                                    u32 destination))
{
    u32 size = min(move->from_size, move->to_size);
    for (u32 offset = 0; offset < size; offset += PAGE_SIZE) {
        page_table_entry *entry = page_table_find(table, move->from + offset);
        if (entry == NULL || *entry == 0)
            continue;
        int result = step(table, entry, move->to + offset);
        if (result < 0)
            return result;
    }
    return 0;
}

static int entry_make_room(struct page_table *table, page_table_entry *entry,
                           u32 destination)
{
    return page_table_make(table, destination) != NULL ? 0 : -ENOMEM;
}

static int entry_move(struct page_table *table, page_table_entry *entry,
                      u32 destination)
{
    *page_table_find(table, destination) = *entry;
    *entry = 0;
    return 0;
}

/* Finds the new place, or clears the one that was asked for. */
static int move_place(struct address_space *space,
                      const struct remapping *remapping, struct move *move)
{
    u32 size = move->to_size;
    if (remapping->flags & MREMAP_FIXED) {
        move->to = remapping->new_address;
        return area_remove(space, move->to, move->to + size, &move->chain);
    }
    u32 high = gap_find(space, size);
    if (high == 0)
        return -ENOMEM;
    move->to = high - size;
    return 0;
}

/* After a move that found no memory: the empty tables that it made. */
static void tables_give_back(struct address_space *space,
                             const struct move *move)
{
    u32 start = move->to, end = move->to + move->to_size;
    struct area *next = address_space_find_from(space, start);
    struct area *before = area_before(space, next);
    page_table_unmap(&space->page_table, start, end,
                     before != NULL ? before->end : 0,
                     next != NULL ? next->start : USER_END);
}

/* The part of the area that does not fit its new size goes, the rest too:
 * its pages are elsewhere by now. */
static void move_finish(struct address_space *space, struct move *move,
                        struct area *moved)
{
    struct page_table *table = &space->page_table;
    entries_each(table, move, entry_move);
    tlb_flush_range(table, move->from, move->from + move->from_size);
    area_insert(space, moved);
    struct area *old =
        area_detach(space, move->from, move->from + move->from_size);
    old->node.right = move->chain != NULL ? &move->chain->node : NULL;
    move->chain = old;
    area_merge(space, moved->start, moved->end);
}

/* Lock held; [from, from + from_size) lies in one area. */
static int move_area(struct address_space *space,
                     const struct remapping *remapping, struct move *move)
{
    int result = area_isolate(space, move->from, move->from + move->from_size);
    if (result < 0)
        return result;
    struct area *moved = area_copy(address_space_find(space, move->from));
    if (moved == NULL) {
        result = -ENOMEM;
        goto merge;
    }
    result = move_place(space, remapping, move);
    if (result < 0)
        goto free_moved;
    result = entries_each(&space->page_table, move, entry_make_room);
    if (result < 0)
        goto free_tables;
    moved->start = move->to;
    moved->end = move->to + move->to_size;
    moved->flags &= ~(AREA_HEAP | AREA_GROWS_DOWN);
    move_finish(space, move, moved);
    return 0;

free_tables:
    tables_give_back(space, move);
free_moved:
    moved->node.right = move->chain != NULL ? &move->chain->node : NULL;
    move->chain = moved;
merge:
    area_merge(space, move->from, move->from + move->from_size);
    return result;
}

/* Lock held. Grows the area in place; false when there is no room. */
static bool grow_in_place(struct address_space *space, struct area *area,
                          u32 old_end, u32 new_end)
{
    if (area->end != old_end || new_end > USER_END || new_end < old_end)
        return false;
    struct area *next = area_next(area);
    if (next != NULL && area_floor(next) < new_end)
        return false;
    space->mapped_pages += (new_end - old_end) / PAGE_SIZE;
    area->end = new_end;
    area_merge(space, area->start, new_end);
    return true;
}

static int remapping_check(const struct remapping *remapping)
{
    u32 flags = remapping->flags;
    if (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED) ||
        (flags & MREMAP_FIXED && !(flags & MREMAP_MAYMOVE)))
        return -EINVAL;
    if (remapping->start % PAGE_SIZE != 0 || remapping->old_size == 0 ||
        remapping->new_size == 0)
        return -EINVAL;
    if (remapping->start >= USER_END ||
        remapping->old_size > USER_END - remapping->start)
        return -EFAULT;
    if (remapping->new_size > USER_END - USER_START)
        return flags & MREMAP_FIXED ? -EINVAL : -ENOMEM;
    if (!(flags & MREMAP_FIXED))
        return 0;
    u32 to = remapping->new_address;
    u32 to_size = round_up(remapping->new_size, PAGE_SIZE);
    u32 from = remapping->start;
    u32 from_size = round_up(remapping->old_size, PAGE_SIZE);
    if (to % PAGE_SIZE != 0 || to < USER_START || to > USER_END - to_size)
        return -EINVAL;
    return to < from + from_size && from < to + to_size ? -EINVAL : 0;
}

/* Lock held. */
static int remap(struct address_space *space, const struct remapping *remapping,
                 struct move *move)
{
    u32 old_end = move->from + move->from_size;
    u32 new_end = move->from + move->to_size;
    struct area *area = address_space_find(space, move->from);
    if (area == NULL || area->end < old_end)
        return -EFAULT;
    if (new_end > old_end &&
        !space_may_grow(space, area->flags, new_end - old_end))
        return -ENOMEM;
    if (remapping->flags & MREMAP_FIXED)
        return move_area(space, remapping, move);
    if (move->to_size < move->from_size)
        return area_remove(space, new_end, old_end, &move->chain);
    if (new_end == old_end || grow_in_place(space, area, old_end, new_end))
        return 0;
    if (!(remapping->flags & MREMAP_MAYMOVE))
        return -ENOMEM;
    return move_area(space, remapping, move);
}

int address_space_remap(struct address_space *space,
                        const struct remapping *remapping, u32 *address)
{
    int result = remapping_check(remapping);
    if (result < 0)
        return result;
    struct move move = {
        .from = remapping->start,
        .from_size = round_up(remapping->old_size, PAGE_SIZE),
        .to = remapping->start,
        .to_size = round_up(remapping->new_size, PAGE_SIZE),
    };
    mutex_lock(&space->lock);
    result = remap(space, remapping, &move);
    mutex_unlock(&space->lock);
    area_chain_free(move.chain);
    *address = move.to;
    return result;
}
