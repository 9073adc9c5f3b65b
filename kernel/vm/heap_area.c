/*
 * brk's heap: one area above the program that grows and shrinks at its end.
 */
#include "vm/area.h"

/* Lock held. The heap's area when it has one that ends at `end`. */
static struct area *heap_area_at(struct address_space *space, u32 end)
{
    struct area *area = address_space_find(space, end - 1);
    if (area != NULL && area->end == end && area->flags & AREA_HEAP)
        return area;
    return NULL;
}

/* Lock held. Adds the free pages [start, end) to the heap. */
static bool heap_area_grow(struct address_space *space, u32 start, u32 end)
{
    struct area *heap = heap_area_at(space, start);
    struct area *next =
        heap != NULL ? area_next(heap) : address_space_find_from(space, start);
    if ((next != NULL && area_floor(next) < end) ||
        !space_may_grow(space, AREA_WRITE, end - start))
        return false;
    if (heap != NULL) {
        heap->end = end;
        space->mapped_pages += (end - start) / PAGE_SIZE;
        return true;
    }
    heap = area_copy(&(struct area){
        .start = start,
        .end = end,
        .flags = AREA_READ | AREA_WRITE | AREA_HEAP,
        .may = AREA_RIGHTS,
    });
    if (heap == NULL)
        return false;
    area_insert(space, heap);
    return true;
}

/* Lock held. Makes the heap end at `end`; areas to be freed in *chain. */
static bool heap_area_resize(struct address_space *space, u32 end,
                             struct area **chain)
{
    if (end > USER_END)
        return false;
    u32 old_end = round_up(space->heap_end, PAGE_SIZE);
    u32 new_end = round_up(end, PAGE_SIZE);
    if (new_end > old_end)
        return heap_area_grow(space, old_end, new_end);
    return new_end == old_end ||
           area_remove(space, new_end, old_end, chain) == 0;
}

u32 address_space_set_heap_end(struct address_space *space, u32 end)
{
    struct area *chain = NULL;
    u32 old_end = space->heap_end;
    if (end < space->heap_start) /* brk(0) asks where the end is */
        return old_end;
    mutex_lock(&space->lock);
    if (heap_area_resize(space, end, &chain))
        space->heap_end = end;
    u32 result = space->heap_end;
    mutex_unlock(&space->lock);
    if (unlikely(chain != NULL))
        area_chain_free(chain);
    if (unlikely(space->locks_future))
        (void)address_space_populate(space, old_end, result);
    return result;
}
