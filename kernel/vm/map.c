/*
 * Mapping and unmapping: mmap, munmap, and where a mapping goes.
 *
 * Mappings that may lie anywhere are placed from the top down, below the
 * stretch that the stack may need, as on Linux:
 *
 *   MAP_FLOOR    program   heap ->        <- mappings | stack's  <- stack
 *   |------------|---------|---...---------|-----------|----------|--------|
 *                                          free_below  map_ceiling    USER_END
 */
#include "vm/area.h"

#include <asm/errno.h>

#define STACK_RESERVE_MIN (128 * MIB)
#define STACK_RESERVE_MAX (USER_END / 6 * 5)

u32 map_ceiling(const struct address_space *space)
{
    u32 reserve = max(space->stack_limit, STACK_RESERVE_MIN - STACK_GUARD);
    reserve = min(reserve, STACK_RESERVE_MAX - STACK_GUARD);
    return USER_END - round_up(reserve, PAGE_SIZE) - STACK_GUARD;
}

/* The last area that starts below `address`. */
static struct area *area_below(struct address_space *space, u32 address)
{
    struct area *area = address_space_find_from(space, address - 1);
    if (area != NULL && area->start < address)
        return area;
    return area_before(space, area);
}

static u32 gap_find_below(struct address_space *space, u32 high, u32 size)
{
    struct area *area = area_below(space, high);
    for (; area != NULL; area = area_previous(area)) {
        if (high > area->end && high - area->end >= size)
            return high;
        high = min(high, area_floor(area));
    }
    return high > MAP_FLOOR && high - MAP_FLOOR >= size ? high : 0;
}

u32 gap_find(struct address_space *space, u32 size)
{
    u32 ceiling = map_ceiling(space);
    u32 high = gap_find_below(space, min(space->free_below, ceiling), size);
    if (high != 0)
        return high;
    return gap_find_below(space, USER_END, size);
}

/* Is [start, start + size) free and allowed for a hint? */
static bool hint_is_free(struct address_space *space, u32 start, u32 size)
{
    if (start < MAP_FLOOR || start > USER_END - size)
        return false;
    struct area *area = address_space_find_from(space, start);
    return area == NULL || area_floor(area) >= start + size;
}

/* Chooses the place of a mapping that is not fixed. */
static int map_choose(struct address_space *space, u32 hint, u32 size,
                      u32 *start)
{
    *start = round_up(hint, PAGE_SIZE);
    if (hint != 0 && hint_is_free(space, *start, size))
        return 0;
    u32 high = gap_find(space, size);
    if (high == 0)
        return -ENOMEM;
    if (high == space->free_below)
        space->free_below = high - size;
    *start = high - size;
    return 0;
}

/* Makes room at a fixed place: what has to go comes back as a chain. */
static int map_clear(struct address_space *space, const struct mapping *mapping,
                     u32 size, struct area **chain)
{
    u32 start = mapping->address, end = start + size;
    struct area *there = address_space_find_from(space, start);
    if (there == NULL || there->start >= end)
        return 0;
    if (mapping->no_replace)
        return -EEXIST;
    return area_remove(space, start, end, chain);
}

static int map_check(const struct mapping *mapping, u32 *size)
{
    if (mapping->size == 0)
        return -EINVAL;
    if (mapping->size > USER_END - USER_START)
        return -ENOMEM;
    *size = round_up(mapping->size, PAGE_SIZE);
    if (!mapping->fixed)
        return 0;
    if (mapping->address % PAGE_SIZE != 0)
        return -EINVAL;
    if (mapping->address > USER_END - *size)
        return -ENOMEM;
    return mapping->address < USER_START ? -EPERM : 0;
}

/* Lock held. Finds or makes the place, then nothing can fail. */
static int map_insert(struct address_space *space,
                      const struct mapping *mapping, u32 size,
                      struct area *area, struct area **chain)
{
    if (space->area_count >= AREA_COUNT_MAX ||
        !space_may_grow(space, mapping->flags, size))
        return -ENOMEM;
    u32 start = mapping->address;
    int result = mapping->fixed
                     ? map_clear(space, mapping, size, chain)
                     : map_choose(space, mapping->address, size, &start);
    if (result < 0)
        return result;
    area->start = start;
    area->end = start + size;
    area_insert(space, area);
    return 0;
}

int address_space_map(struct address_space *space,
                      const struct mapping *mapping, u32 *address)
{
    u32 size;
    int result = map_check(mapping, &size);
    if (result < 0)
        return result;
    struct area *area = area_copy(&(struct area){
        .flags = mapping->flags,
        .may = mapping->may,
        .object = mapping->object,
        .object_page = mapping->object != NULL ? mapping->object_page : 0,
        .backing = mapping->backing,
        .backing_operations = mapping->backing_operations,
    });
    if (area == NULL)
        return -ENOMEM;

    struct area *chain = NULL;
    mutex_lock(&space->lock);
    result = map_insert(space, mapping, size, area, &chain);
    if (result == 0) {
        *address = area->start;
        area_merge(space, area->start, area->end);
    } else {
        area->node.right = NULL;
        chain = area;
    }
    mutex_unlock(&space->lock);
    area_chain_free(chain);
    return result;
}

int address_space_unmap(struct address_space *space, u32 start, u32 size)
{
    if (start % PAGE_SIZE != 0 || size == 0 || start > USER_END ||
        size > USER_END - start)
        return -EINVAL;
    u32 end = start + round_up(size, PAGE_SIZE);
    struct area *chain = NULL;
    mutex_lock(&space->lock);
    int result = area_remove(space, start, end, &chain);
    mutex_unlock(&space->lock);
    area_chain_free(chain);
    return result;
}
