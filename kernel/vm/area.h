/*
 * The steps that the files of vm/ share; nobody else includes this. The lock
 * of the space is held throughout, unless the space is not yet shown to
 * anyone.
 *
 * Every change of areas is made in two halves. area_isolate cuts areas so
 * that the range has no straddler: it can fail, and then all is as it was.
 * What follows (area_detach, changing flags) cannot fail. Areas taken out are
 * chained and freed by area_chain_free after the lock is released, since
 * giving a file back may sleep on locks of higher floors.
 */
#pragma once

#include "lib/string.h"
#include "sched/thread.h"
#include "vm/address_space.h"

#define AREA_COUNT_MAX 65530u

/* The lowest address that a mapping gets without asking for it. */
#define MAP_FLOOR 0x10000u
/* Free addresses kept below the stack, as Linux keeps them. */
#define STACK_GUARD (256 * PAGE_SIZE)

static inline struct area *area_of(struct tree_node *node)
{
    return node != NULL ? container_of(node, struct area, node) : NULL;
}

static inline struct area *area_next(struct area *area)
{
    return area_of(tree_next(&area->node));
}

static inline struct area *area_previous(const struct area *area)
{
    return area_of(tree_previous(&area->node));
}

/* The one before it; the last of all where there is none from there on. */
static inline struct area *area_before(struct address_space *space,
                                       const struct area *area)
{
    return area != NULL ? area_previous(area)
                        : area_of(tree_last(&space->areas));
}

/* The first address that an area leaves to others below it. */
static inline u32 area_floor(const struct area *area)
{
    u32 guard = area->flags & AREA_GROWS_DOWN ? STACK_GUARD : 0;
    return area->start > guard ? area->start - guard : 0;
}

/* The object's page at `address`. */
static inline u32 area_object_page(const struct area *area, u32 address)
{
    return area->object_page + (address - area->start) / PAGE_SIZE;
}

/* area.c. A copy with references of its own to what the area keeps alive, in
 * no tree; NULL when out of memory. */
struct area *area_copy(const struct area *area);
void area_insert(struct address_space *space, struct area *area);
/* Hangs it behind all others, without a search: for fork. */
void area_append(struct address_space *space, struct area *area,
                 struct area *last);
int area_isolate(struct address_space *space, u32 start, u32 end);
/* Joins what can be joined from the area before `start` to that after `end`. */
void area_merge(struct address_space *space, u32 start, u32 end);
/* Takes all areas of an isolated range out, pages and all; their chain. */
struct area *area_detach(struct address_space *space, u32 start, u32 end);
/* Both steps at once: 0 and what is to be freed in *chain, or -ENOMEM. */
int area_remove(struct address_space *space, u32 start, u32 end,
                struct area **chain);
void area_chain_free(struct area *chain);

/* limits.c. Do the current process's limits allow `size` bytes more of a
 * mapping with these flags? And that so many bytes of the area get them? */
bool space_may_grow_limited(struct address_space *space, u32 flags, u32 size);
static inline bool space_may_grow(struct address_space *space, u32 flags,
                                  u32 size)
{
    u64 limits = limit_current(RLIMIT_AS) & limit_current(RLIMIT_DATA);
    return likely(limits == RLIM64_INFINITY) ||
           space_may_grow_limited(space, flags, size);
}
bool area_may_become(struct area *area, u32 flags, u32 size);

/* truncate.c. Takes the pages that the object has lost out of every address
 * space that shows them. */
void object_unmap_past_end(struct memory_object *object);
/* Notes that the area shows its object, and forgets it (again). */
void object_attach(struct area *area);
void object_detach(struct area *area);

/* map.c. The end of the highest gap of `size` bytes, or 0. */
u32 gap_find(struct address_space *space, u32 size);
/* Below this mappings are placed from the top down. */
u32 map_ceiling(const struct address_space *space);

/* fault.c. Makes the page of `address` present, and writable when `write`.
 * 0, -EFAULT, -EACCES, -ENOMEM, -EIO. */
int fault_resolve(struct address_space *space, u32 address, bool write);
