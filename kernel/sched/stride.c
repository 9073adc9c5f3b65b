/*
 * Stride scheduling (Waldspurger and Weihl, 1995): proportional shares without
 * chance. Every thread has tickets, by its nice value, and a stride that is
 * the smaller the more it has. Who has the smallest pass runs for a quantum;
 * each tick of it adds the stride to its pass. So over any while, threads that
 * always want the CPU get it as their tickets stand to each other, to within
 * one quantum each.
 *
 * Who sleeps saves nothing up: it comes back with the pass of who is being
 * served, at the least. Nor does anybody owe more than a quantum: not who had
 * the CPU alone, nor who comes from a queue whose passes are other numbers.
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
    thread->entity.charged = thread->ran;
    thread->entity.key = queue->pass;
    turn_begin(thread);
}

static s64 stride_of(const struct thread *thread)
{
    return STRIDE_ONE / thread->entity.load;
}

static void charge(struct thread *thread)
{
    u64 stride = (u64)stride_of(thread);

    thread->entity.key +=
        (s64)divide_u64(stride * charge_take(thread), clock_tick_counts, NULL);
}

static void stride_enqueue(struct run_queue *queue, struct thread *thread,
                           enum arrival how)
{
    struct schedule_entity *entity = &thread->entity;

    charge(thread);
    (void)turn_goes_on(thread, how);
    s64 most = queue->pass + stride_of(thread) * scheduler_quantum;
    entity->key = max(queue->pass, min(entity->key, most));
    order_add(&queue->order, thread);
}

static void stride_dequeue(struct run_queue *queue, struct thread *thread)
{
    tree_remove(&queue->order, &thread->entity.node);
}

static struct thread *stride_find(struct run_queue *queue,
                                  const struct wanted *wanted)
{
    return order_find(&queue->order, wanted);
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
    return turn_is_over(thread) && queue->ready_count != 0;
}

const struct scheduler_policy policy_stride = {
    .name = "stride",
    .gives_shares = true,
    .start = stride_start,
    .adopt = stride_adopt,
    .enqueue = stride_enqueue,
    .dequeue = stride_dequeue,
    .find = stride_find,
    .pick = stride_pick,
    .tick = stride_tick,
};
