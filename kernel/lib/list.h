/*
 * A doubly linked ring of nodes that live inside the structs they link.
 *
 * The head is a node too. A node in no list is linked to itself after
 * list_node_clear or list_remove, so removing twice is harmless.
 * No locking: the owner of the list says which lock protects it.
 */
#pragma once

#include "lib/types.h"

struct list {
    struct list *next;
    struct list *previous;
};

#define LIST_INITIALIZER(name)                                                 \
    {                                                                          \
        &(name), &(name)                                                       \
    }

static inline void list_initialize(struct list *list)
{
    list->next = list;
    list->previous = list;
}

static inline bool list_is_empty(const struct list *list)
{
    return list->next == list;
}

static inline void list_insert_between(struct list *node, struct list *before,
                                       struct list *after)
{
    node->previous = before;
    node->next = after;
    before->next = node;
    after->previous = node;
}

static inline void list_add_first(struct list *list, struct list *node)
{
    list_insert_between(node, list, list->next);
}

static inline void list_add_last(struct list *list, struct list *node)
{
    list_insert_between(node, list->previous, list);
}

static inline void list_remove(struct list *node)
{
    node->previous->next = node->next;
    node->next->previous = node->previous;
    list_initialize(node);
}

/* The struct around the first node; the list must not be empty. */
#define list_first(list, type, member) container_of((list)->next, type, member)

#define list_for_each(item, list, member)                                      \
    for (item = container_of((list)->next, __typeof__(*item), member);         \
         &item->member != (list);                                              \
         item = container_of(item->member.next, __typeof__(*item), member))

/* As list_for_each, but `item` may be removed (and freed) in the body. */
#define list_for_each_safe(item, following, list, member)                      \
    for (item = container_of((list)->next, __typeof__(*item), member),         \
        following =                                                            \
             container_of(item->member.next, __typeof__(*item), member);       \
         &item->member != (list); item = following,                            \
        following = container_of(following->member.next, __typeof__(*item),    \
                                 member))
