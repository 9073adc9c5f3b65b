/*
 * Areas in their tree: found, cut, joined, taken out.
 *
 * Invariants: areas are disjoint and none is empty; area_count and
 * mapped_pages are true after each function; free_below never lies above a
 * free page, which is what lets gap_find start there.
 */
#include "vm/area.h"

#include "core/panic.h"
#include "mem/heap.h"
#include <asm/errno.h>

static u32 area_pages(const struct area *area)
{
    return (area->end - area->start) / PAGE_SIZE;
}

struct area *area_copy(const struct area *area)
{
    struct area *copy = heap_alloc(sizeof(*copy));
    if (copy == NULL)
        return NULL;
    *copy = *area;
    list_initialize(&copy->object_link);
    copy->object_stamp = 0;
    if (copy->object != NULL)
        memory_object_get(copy->object);
    if (copy->backing != NULL)
        copy->backing_operations->get(copy->backing);
    return copy;
}

static void area_free(struct area *area)
{
    if (area->object != NULL) {
        object_detach(area);
        memory_object_put(area->object);
    }
    if (area->backing != NULL)
        area->backing_operations->put(area->backing);
    heap_free(area);
}

/* A chain hangs together by node.right. */
void area_chain_free(struct area *chain)
{
    while (chain != NULL) {
        struct area *following = area_of(chain->node.right);
        area_free(chain);
        chain = following;
    }
}

static void area_link(struct address_space *space, struct area *area,
                      struct tree_node *parent, struct tree_node **link)
{
    tree_insert(&space->areas, &area->node, parent, link);
    area->space = space;
    if (area->object != NULL)
        object_attach(area);
    space->area_count++;
    space->mapped_pages += area_pages(area);
}

void area_insert(struct address_space *space, struct area *area)
{
    struct tree_node **link = &space->areas.root;
    struct tree_node *parent = NULL;
    while (*link != NULL) {
        parent = *link;
        bool below = area->start < area_of(parent)->start;
        link = below ? &parent->left : &parent->right;
    }
    area_link(space, area, parent, link);
}

void area_append(struct address_space *space, struct area *area,
                 struct area *last)
{
    if (last == NULL)
        area_link(space, area, NULL, &space->areas.root);
    else
        area_link(space, area, &last->node, &last->node.right);
}

static void area_unlink(struct address_space *space, struct area *area)
{
    tree_remove(&space->areas, &area->node);
    space->area_count--;
    space->mapped_pages -= area_pages(area);
    if (space->last_hit == area)
        space->last_hit = NULL;
}

struct area *address_space_find_from(struct address_space *space, u32 address)
{
    struct tree_node *node = space->areas.root;
    struct area *best = NULL;
    while (node != NULL) {
        struct area *area = area_of(node);
        if (area->end > address) {
            best = area;
            node = node->left;
        } else {
            node = node->right;
        }
    }
    return best;
}

struct area *address_space_find(struct address_space *space, u32 address)
{
    struct area *area = space->last_hit;
    if (area != NULL && address - area->start < area->end - area->start)
        return area;
    area = address_space_find_from(space, address);
    if (area == NULL || area->start > address)
        return NULL;
    space->last_hit = area;
    return area;
}

bool address_space_covers(struct address_space *space, u32 start, u32 end)
{
    struct area *area = address_space_find(space, start);
    while (area != NULL && area->end < end) {
        struct area *next = area_next(area);
        area = next != NULL && next->start == area->end ? next : NULL;
    }
    return area != NULL;
}

/* Makes `address` the border of two areas when it lies inside of one. */
static int area_split(struct address_space *space, u32 address)
{
    struct area *area = address_space_find(space, address);
    if (area == NULL || area->start == address)
        return 0;
    if (space->area_count >= AREA_COUNT_MAX)
        return -ENOMEM;
    struct area *upper = area_copy(area);
    if (upper == NULL)
        return -ENOMEM;
    upper->start = address;
    if (upper->object != NULL)
        upper->object_page = area_object_page(area, address);
    area->end = address;
    space->mapped_pages -= area_pages(upper);
    area_insert(space, upper);
    return 0;
}

int area_isolate(struct address_space *space, u32 start, u32 end)
{
    int result = area_split(space, start);
    if (result == 0)
        result = area_split(space, end);
    if (result < 0)
        area_merge(space, start, end);
    return result;
}

static bool area_joins(const struct area *area, const struct area *next)
{
    return area->end == next->start && area->flags == next->flags &&
           area->may == next->may && area->object == next->object &&
           area->backing == next->backing &&
           (area->object == NULL ||
            area_object_page(area, area->end) == next->object_page);
}

void area_merge(struct address_space *space, u32 start, u32 end)
{
    struct area *area = address_space_find_from(space, start - 1);
    while (area != NULL && area->start <= end) {
        struct area *next = area_next(area);
        if (next == NULL || !area_joins(area, next)) {
            area = next;
            continue;
        }
        area_unlink(space, next);
        space->mapped_pages += area_pages(next);
        area->end = next->end;
        /* Never the last reference to what `area` keeps alive as well. */
        area_free(next);
    }
}

struct area *area_detach(struct address_space *space, u32 start, u32 end)
{
    struct area *area = address_space_find_from(space, start);
    if (area == NULL || area->start >= end)
        return NULL;
    struct area *before = area_previous(area);
    u32 floor = before != NULL ? before->end : 0;
    struct area *chain = NULL;
    while (area != NULL && area->start < end) {
        assert_checked(area->start >= start && area->end <= end);
        struct area *next = area_next(area);
        area_unlink(space, area);
        area->node.right = chain != NULL ? &chain->node : NULL;
        chain = area;
        area = next;
    }
    u32 ceiling = area != NULL ? area->start : USER_END;
    page_table_unmap(&space->page_table, start, end, floor, ceiling);
    if (end > space->free_below)
        space->free_below = min(end, map_ceiling(space));
    return chain;
}

int area_remove(struct address_space *space, u32 start, u32 end,
                struct area **chain)
{
    int result = area_isolate(space, start, end);
    if (result == 0)
        *chain = area_detach(space, start, end);
    return result;
}
