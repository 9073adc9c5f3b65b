/*
 * Round robin: ready threads stand in one line, each runs for a quantum, then
 * goes to the end of the line. A thread that was woken goes to the end too:
 * nobody is passed, so nobody waits longer than (line's length x quantum).
 *
 * A thread that parks keeps what is left of its quantum: sleeping for a moment
 * does not win it a new one.
 */
#include "sched/scheduler.h"

static void round_robin_start(struct run_queue *queue)
{
    list_initialize(&queue->line);
}

static void round_robin_adopt(struct run_queue *queue, struct thread *thread)
{
    (void)queue;
    thread->entity.slice = 0;
}

static void round_robin_enqueue(struct run_queue *queue, struct thread *thread,
                                bool woken)
{
    if (!woken || thread->entity.slice == 0)
        thread->entity.slice = quantum_next();
    list_add_last(&queue->line, &thread->entity.link);
}

static void round_robin_dequeue(struct run_queue *queue, struct thread *thread)
{
    (void)queue;
    list_remove(&thread->entity.link);
}

static struct thread *round_robin_find(struct run_queue *queue, u32 affinity)
{
    struct thread *thread;

    list_for_each (thread, &queue->line, entity.link)
        if (thread->affinity & affinity)
            return thread;
    return NULL;
}

static struct thread *round_robin_pick(struct run_queue *queue)
{
    if (list_is_empty(&queue->line))
        return NULL;
    struct thread *thread =
        list_first(&queue->line, struct thread, entity.link);

    list_remove(&thread->entity.link);
    return thread;
}

static bool round_robin_tick(struct run_queue *queue, struct thread *thread)
{
    if (thread->entity.slice > 1) {
        thread->entity.slice--;
        return false;
    }
    thread->entity.slice = quantum_next();
    return queue->ready_count != 0;
}

const struct scheduler_policy policy_round_robin = {
    .name = "rr",
    .start = round_robin_start,
    .adopt = round_robin_adopt,
    .enqueue = round_robin_enqueue,
    .dequeue = round_robin_dequeue,
    .find = round_robin_find,
    .pick = round_robin_pick,
    .tick = round_robin_tick,
};
