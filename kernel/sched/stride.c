/*
 * Stride scheduling (Waldspurger and Weihl, 1995): proportional shares without
 * chance. Every thread has tickets, by its nice value, and a stride that is
 * the smaller the more it has. Who has the smallest pass runs for a quantum;
 * each tick adds the stride to its pass. So over any while, threads that
 * always want the CPU get it as their tickets stand to each other, to within
 * one quantum each.
 *
 * Who sleeps saves nothing up: it comes back with the pass of who is being
 * served, at the least. Nor does anybody owe more than a quantum: not who had
 * the CPU alone, nor who comes from a queue whose passes are other numbers.
 * Time is counted in whole ticks.
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

static s64 stride_of(const struct thread *thread)
{
    return STRIDE_ONE / priority_weight(thread->priority);
}

static void stride_enqueue(struct run_queue *queue, struct thread *thread,
                           bool woken)
{
    struct schedule_entity *entity = &thread->entity;

    if (!woken || entity->slice == 0)
        entity->slice = quantum_next();
    s64 most = queue->pass + stride_of(thread) * scheduler_quantum;
    entity->key = max(queue->pass, min(entity->key, most));
    order_add(&queue->order, thread);
}

static void stride_dequeue(struct run_queue *queue, struct thread *thread)
{
    tree_remove(&queue->order, &thread->entity.node);
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

    entity->key += stride_of(thread);
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
