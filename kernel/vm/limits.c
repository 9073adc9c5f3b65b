/*
 * How far an address space may grow: RLIMIT_AS bounds all that is mapped,
 * RLIMIT_DATA what is private, writable and no stack.
 *
 * Data is counted only for who has a limit on it: hardly anybody.
 */
#include "vm/area.h"

static bool is_data(u32 flags)
{
    return (flags & (AREA_WRITE | AREA_SHARED | AREA_GROWS_DOWN)) == AREA_WRITE;
}

static bool data_may_grow(struct address_space *space, u32 size)
{
    u64 data = size, limit = limit_current(RLIMIT_DATA);
    if (likely(limit == RLIM64_INFINITY))
        return true;
    struct area *area = area_of(tree_first(&space->areas));
    for (; area != NULL; area = area_next(area))
        if (is_data(area->flags))
            data += area->end - area->start;
    return data <= limit;
}

bool space_may_grow_limited(struct address_space *space, u32 flags, u32 size)
{
    u64 mapped = (u64)space->mapped_pages * PAGE_SIZE + size;
    return mapped <= limit_current(RLIMIT_AS) &&
           (!is_data(flags) || data_may_grow(space, size));
}

bool area_may_become(struct area *area, u32 flags, u32 size)
{
    return is_data(area->flags) || !is_data(flags) ||
           data_may_grow(area->space, size);
}
