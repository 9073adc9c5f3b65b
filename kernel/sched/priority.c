/*
 * Fixed priorities: the highest that is ready runs, and those of one priority
 * take turns. A thread that was preempted stays first in its line; one that
 * was woken, yields, or has used up its quantum goes to the end. Nobody is
 * promised anything but the highest: a busy thread starves all below it.
 *
 * Every run queue has these lines, whatever its policy: real-time threads
 * (SCHED_FIFO, SCHED_RR) stand in them and come before all others. A FIFO
 * thread has no quantum.
 *
 * What counts is the priority with what others lend (lend.c).
 */
#include "sched/levels.h"
#include "sched/scheduler.h"

static void priority_start(struct run_queue *queue)
{
}

static void priority_adopt(struct run_queue *queue, struct thread *thread)
{
    turn_begin(thread);
}

static void priority_enqueue(struct run_queue *queue, struct thread *thread,
                             enum arrival how)
{
    if (thread_is_fifo(thread))
        turn_begin(thread);
    if (turn_goes_on(thread, how))
        levels_add_first(&queue->levels, thread->priority, thread);
    else
        levels_add_last(&queue->levels, thread->priority, thread);
    queue->real_time_ready += thread_is_real_time(thread);
}

static void priority_dequeue(struct run_queue *queue, struct thread *thread)
{
    levels_remove(&queue->levels, thread->priority, thread);
    queue->real_time_ready -= thread_is_real_time(thread);
}

static struct thread *priority_find(struct run_queue *queue,
                                    const struct wanted *wanted)
{
    return levels_find(&queue->levels, wanted);
}

static struct thread *priority_pick(struct run_queue *queue)
{
    struct thread *thread = levels_find(&queue->levels, &wanted_any);

    if (thread)
        priority_dequeue(queue, thread);
    return thread;
}

static bool priority_tick(struct run_queue *queue, struct thread *thread)
{
    return !thread_is_fifo(thread) && turn_is_over(thread) &&
           queue->ready_count != 0;
}

static bool priority_preempts(struct run_queue *queue, struct thread *woken)
{
    return woken->priority > queue->current->priority;
}

const struct scheduler_policy policy_priority = {
    .name = "prio",
    .start = priority_start,
    .adopt = priority_adopt,
    .enqueue = priority_enqueue,
    .dequeue = priority_dequeue,
    .find = priority_find,
    .pick = priority_pick,
    .tick = priority_tick,
    .preempts = priority_preempts,
};
