/*
 * Round robin: ready threads stand in one line, each runs for a quantum, then
 * goes to the end of the line. A thread that was woken goes to the end too:
 * nobody is passed, so nobody waits longer than (line's length x quantum).
 *
 * A thread that parks or yields keeps what is left of its quantum: sleeping for
 * a moment does not win it a new one. Who is interrupted by a real-time thread
 * keeps its place as well, at the head.
 */
#include "sched/scheduler.h"

static void round_robin_start(struct run_queue *queue)
{
    list_initialize(&queue->line);
}

static void round_robin_adopt(struct run_queue *queue, struct thread *thread)
{
    turn_begin(thread);
}

static void round_robin_enqueue(struct run_queue *queue, struct thread *thread,
                                enum arrival how)
{
    if (turn_goes_on(thread, how))
        list_add_first(&queue->line, &thread->entity.link);
    else
        list_add_last(&queue->line, &thread->entity.link);
}

static void round_robin_dequeue(struct run_queue *queue, struct thread *thread)
{
    list_remove(&thread->entity.link);
}

static struct thread *round_robin_find(struct run_queue *queue,
                                       const struct wanted *wanted)
{
    struct thread *thread;

    list_for_each (thread, &queue->line, entity.link)
        if (thread_fits(thread, wanted))
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
    return turn_is_over(thread) && queue->ready_count != 0;
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
