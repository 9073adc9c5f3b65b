/*
 * Stride scheduling (Waldspurger and Weihl, 1995): proportional shares without
 * chance. Every thread has tickets, by its nice value, and a stride that is
 * the smaller the more it has. Who has the smallest pass runs for a quantum;
 * each tick adds the stride to its pass. So over any while, threads that
 * always want the CPU get it as their tickets stand to each other, to within
 * one quantum each.
 *
 * Who sleeps saves nothing up: it comes back with the pass of who is being
 * served, at the least. Time is counted in whole ticks.
 */
#include "lib/divide.h"
#include "sched/order.h"
#include "sched/scheduler.h"

#define STRIDE_ONE (1u << 26) /* the stride of one ticket */

static void stride_start(struct run_queue *queue)
{
    queue->pass = 0;
}

static void stride_adopt(struct run_queue *queue, struct thread *thread)
{
    thread->entity.slice = 0;
    thread->entity.key = queue->pass;
}

static void stride_enqueue(struct run_queue *queue, struct thread *thread,
                           bool woken)
{
    struct schedule_entity *entity = &thread->entity;

    if (!woken || entity->slice == 0)
        entity->slice = quantum_next();
    entity->key = max(entity->key, queue->pass);
    order_add(&queue->order, thread);
}

static void stride_dequeue(struct run_queue *queue, struct thread *thread)
{
    tree_remove(&queue->order, &thread->entity.node);
    thread->entity.key = 0; /* another queue's passes are other numbers */
}

static struct thread *stride_find(struct run_queue *queue, u32 affinity)
{
    return order_find(&queue->order, affinity);
}

static struct thread *stride_pick(struct run_queue *queue)
{
    struct thread *thread = order_thread(tree_first(&queue->order));

    if (!thread)
        return NULL;
    tree_remove(&queue->order, &thread->entity.node);
    queue->pass = thread->entity.key;
    return thread;
}

static bool stride_tick(struct run_queue *queue, struct thread *thread)
{
    struct schedule_entity *entity = &thread->entity;

    entity->key += STRIDE_ONE / priority_weight(thread->priority);
    if (entity->slice > 1) {
        entity->slice--;
        return false;
    }
    entity->slice = 0;
    return queue->ready_count != 0;
}

const struct scheduler_policy policy_stride = {
    .name = "stride",
    .start = stride_start,
    .adopt = stride_adopt,
    .enqueue = stride_enqueue,
    .dequeue = stride_dequeue,
    .find = stride_find,
    .pick = stride_pick,
    .tick = stride_tick,
};
