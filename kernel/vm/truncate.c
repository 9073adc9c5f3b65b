/*
 * Truncation seen from address spaces: pages that an object has lost vanish
 * from all that show them, private copies too, as on Linux.
 *
 * The object knows the areas that show it. An area leads to its space, whose
 * lock must be taken before the area may be looked at closely; so the object's
 * lock is let go and the search begins anew for each space. Stamps tell what
 * has been visited; an area that comes later shows nothing that is gone.
 */
#include "vm/area.h"

#include "core/atomic.h"

void object_attach(struct area *area)
{
    struct memory_object *object = area->object;
    spin_lock(&object->lock);
    list_add_last(&object->areas, &area->object_link);
    spin_unlock(&object->lock);
}

void object_detach(struct area *area)
{
    struct memory_object *object = area->object;
    spin_lock(&object->lock);
    list_remove(&area->object_link);
    spin_unlock(&object->lock);
}

/* A space that is yet to be visited, with a reference, or NULL. Spaces that
 * are being torn down show nothing to anyone. */
static struct address_space *space_next(struct memory_object *object, u32 stamp)
{
    struct address_space *found = NULL;
    struct area *area;
    spin_lock(&object->lock);
    list_for_each (area, &object->areas, object_link) {
        if (area->object_stamp == stamp)
            continue;
        area->object_stamp = stamp;
        if (atomic_increment_unless_zero(&area->space->references)) {
            found = area->space;
            break;
        }
    }
    spin_unlock(&object->lock);
    return found;
}

/* Lock of the space held. */
static void area_unmap_past_end(struct area *area)
{
    u32 pages = (area->object->size + PAGE_SIZE - 1) / PAGE_SIZE;
    u32 kept = pages > area->object_page ? pages - area->object_page : 0;
    if (kept >= (area->end - area->start) / PAGE_SIZE)
        return;
    u32 start = area->start + kept * PAGE_SIZE;
    page_table_unmap(&area->space->page_table, start, area->end, start, start);
}

static void space_unmap_past_end(struct address_space *space,
                                 const struct memory_object *object)
{
    mutex_lock(&space->lock);
    struct area *area = address_space_find_from(space, 0);
    for (; area != NULL; area = area_next(area))
        if (area->object == object)
            area_unmap_past_end(area);
    mutex_unlock(&space->lock);
}

void object_unmap_past_end(struct memory_object *object)
{
    u32 stamp = atomic_add(&object->shrink_count, 1) + 1;
    struct address_space *space;
    while ((space = space_next(object, stamp)) != NULL) {
        space_unmap_past_end(space, object);
        address_space_put(space);
    }
}
