/*
 * Memory objects: an array of frames by page index, grown by doubling.
 *
 * A page once made stays until the object shrinks or dies. The lock is held
 * for single steps only: frames are allocated, filled and given back outside
 * it, and whoever comes second with a page finds the first one's and drops
 * his own.
 */
#include "vm/memory_object.h"

#include "core/atomic.h"
#include "core/panic.h"
#include "mem/heap.h"
#include "vm/area.h"
#include <asm/errno.h>

#define CAPACITY_MIN 4u
#define CAPACITY_MAX (HEAP_SIZE_MAX / sizeof(struct frame *))
#define TRIM_SPAN    64u

static u32 object_count, frame_count; /* atomic */

static u32 pages_of(u32 size)
{
    return size / PAGE_SIZE + (size % PAGE_SIZE != 0);
}

struct memory_object *memory_object_create(u32 size)
{
    struct memory_object *object = heap_alloc(sizeof(*object));
    if (object == NULL)
        return NULL;
    *object = (struct memory_object){.references = 1, .size = size};
    spinlock_initialize(&object->lock, RANK_MEMORY_OBJECT);
    list_initialize(&object->areas);
    atomic_increment(&object_count);
    return object;
}

void memory_object_get(struct memory_object *object)
{
    assert_checked(object->references != 0);
    atomic_increment(&object->references);
}

void memory_object_put(struct memory_object *object)
{
    if (!atomic_decrement(&object->references))
        return;
    atomic_add(&frame_count, -object->page_count);
    for (u32 i = 0; object->page_count != 0; i++) {
        if (object->pages[i] == NULL)
            continue;
        frame_put(object->pages[i]);
        object->page_count--;
    }
    heap_free(object->pages);
    atomic_add(&object_count, -1u);
    heap_free(object);
}

/* Makes the array reach past `index`. The new array is made before the lock
 * is taken; somebody else may have grown it further in the meantime. */
static int object_reserve(struct memory_object *object, u32 index)
{
    u32 wanted = object->page_capacity;
    if (index < wanted)
        return 0;
    if (index >= CAPACITY_MAX)
        return -ENOMEM;
    wanted = max(max(index + 1, CAPACITY_MIN), min(2 * wanted, CAPACITY_MAX));
    struct frame **pages = heap_alloc_zeroed(wanted * sizeof(*pages));
    if (pages == NULL)
        return -ENOMEM;

    struct frame **surplus = pages;
    spin_lock(&object->lock);
    if (object->page_capacity < wanted) {
        memcpy(pages, object->pages, object->page_capacity * sizeof(*pages));
        surplus = object->pages;
        object->pages = pages;
        object->page_capacity = wanted;
    }
    spin_unlock(&object->lock);
    heap_free(surplus);
    return 0;
}

int memory_object_insert(struct memory_object *object, u32 index,
                         struct frame *frame)
{
    int result = object_reserve(object, index);
    if (result < 0)
        return result;
    spin_lock(&object->lock);
    if (index >= pages_of(object->size)) {
        result = -EIO;
    } else if (object->pages[index] != NULL) {
        result = -EEXIST;
    } else {
        object->pages[index] = frame;
        object->page_count++;
        atomic_increment(&frame_count);
    }
    spin_unlock(&object->lock);
    return result;
}

int memory_object_frame(struct memory_object *object, u32 index,
                        struct frame **frame)
{
    while ((*frame = memory_object_peek(object, index)) == NULL) {
        if (index >= pages_of(object->size) ||
            (object->leaves_reserve && frames_are_scarce()))
            return -EIO;
        struct frame *fresh = frame_alloc_zeroed();
        if (fresh == NULL)
            return -ENOMEM;
        frame_get(fresh);
        *frame = fresh;
        int result = memory_object_insert(object, index, fresh);
        if (result == 0)
            return 0;
        frame_put(fresh);
        frame_put(fresh);
        if (result != -EEXIST)
            return result;
    }
    return 0;
}

/*
 * Takes frames past the end out of the array, looking at no more than
 * TRIM_SPAN places from *index on, which moves along. Looks at the size anew
 * each time: the object may have grown again since, and what came then is
 * not ours. False when the end of the array is reached.
 */
static bool object_take(struct memory_object *object, u32 *index,
                        struct frame **batch, u32 *taken)
{
    *taken = 0;
    spin_lock(&object->lock);
    u32 i = max(*index, pages_of(object->size));
    u32 end = object->page_count != 0 ? object->page_capacity : 0;
    u32 stop = min(end, i + TRIM_SPAN);
    for (; i < stop; i++) {
        if (object->pages[i] == NULL)
            continue;
        batch[(*taken)++] = object->pages[i];
        object->pages[i] = NULL;
        object->page_count--;
    }
    atomic_add(&frame_count, -*taken);
    *index = i;
    spin_unlock(&object->lock);
    return i < end;
}

static void object_trim(struct memory_object *object)
{
    struct frame *batch[TRIM_SPAN];
    u32 index = 0, taken;
    bool more;
    do {
        more = object_take(object, &index, batch, &taken);
        for (u32 i = 0; i < taken; i++)
            frame_put(batch[i]);
    } while (more);
}

void memory_object_resize(struct memory_object *object, u32 size)
{
    spin_lock(&object->lock);
    bool shrinks = size < object->size;
    object->size = size;
    u32 last = size / PAGE_SIZE, rest = size % PAGE_SIZE;
    if (shrinks && rest != 0 && last < object->page_capacity &&
        object->pages[last] != NULL)
        memset((u8 *)frame_address(object->pages[last]) + rest, 0,
               PAGE_SIZE - rest);
    spin_unlock(&object->lock);
    if (!shrinks)
        return;
    /* First nobody can get such a page any more, then all lose theirs. */
    object_trim(object);
    object_unmap_past_end(object);
}

u32 memory_object_count(void)
{
    return atomic_load(&object_count);
}

u32 memory_object_frame_count(void)
{
    return atomic_load(&frame_count);
}
