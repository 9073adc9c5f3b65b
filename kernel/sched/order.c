/* A tree of threads by their key, and what their priority weighs in it. */
#include "sched/order.h"

#include "sched/thread.h"

void order_add(struct tree *order, struct thread *thread)
{
    struct tree_node *parent = NULL, **link = &order->root;

    while (*link) {
        parent = *link;
        link = thread->entity.key < order_thread(parent)->entity.key
                   ? &parent->left
                   : &parent->right;
    }
    tree_insert(order, &thread->entity.node, parent, link);
}

struct thread *order_thread(struct tree_node *node)
{
    return node ? container_of(node, struct thread, entity.node) : NULL;
}

struct thread *order_find(const struct tree *order, const struct wanted *wanted)
{
    struct tree_node *node = tree_first(order);

    while (node && !thread_fits(order_thread(node), wanted))
        node = tree_next(node);
    return order_thread(node);
}

u32 priority_weight(u32 priority)
{
    u32 weight = 1024 * 64; /* in 64ths, so that little is lost on the way */

    for (u32 i = PRIORITY_NORMAL; i < min(priority, PRIORITY_NICE_MAX); i++)
        weight += weight / 4;
    for (u32 i = priority; i < PRIORITY_NORMAL; i++)
        weight -= weight / 5;
    return weight / 64;
}
