/*
 * A multi-level feedback queue (Corbato 1962; the rules are those of
 * Arpaci-Dusseau, "Operating Systems: Three Easy Pieces", chapter 8): it finds
 * out by itself who waits for people and who computes.
 *
 *   1. The highest level with somebody ready runs; within it, all take turns of
 *      a quantum.
 *   2. A new thread begins at the top.
 *   3. Who has used up the allotment of its level, in however many pieces,
 *      goes one level down, where the allotment is twice as long. It is
 *      charged by the clock, not by the ticks that one may sleep over.
 *   4. Once a second all go back to the top, so that nobody starves and who
 *      has changed its ways is seen anew.
 *
 * The levels are lines 40 to 35 of the run queue's: above them stand only
 * real-time threads. Nice values do not matter here.
 */
#include "lib/divide.h"
#include "sched/levels.h"
#include "sched/scheduler.h"
#include "x86/clock.h"

#define TOP   PRIORITY_NICE_MAX
#define DEPTH 6u

static u32 line_of(const struct thread *thread)
{
    return TOP - thread->entity.level;
}

static u64 allotment_of(const struct thread *thread)
{
    return (u64)turn_counts << thread->entity.level;
}

static void charge(struct thread *thread)
{
    struct schedule_entity *entity = &thread->entity;
    u64 used = charge_take(thread);

    if (used < entity->allotment) {
        entity->allotment -= used;
        return;
    }
    entity->level = min(entity->level + 1, DEPTH - 1);
    entity->allotment = allotment_of(thread);
    entity->turn_end = thread->ran;
}

static u32 second_now(void)
{
    return (u32)divide_u64(clock_nanoseconds(), NANOSECONDS_PER_SECOND, NULL);
}

static void feedback_start(struct run_queue *queue)
{
    queue->boosted = second_now();
}

static void feedback_adopt(struct run_queue *queue, struct thread *thread)
{
    thread->entity.boosted = queue->boosted;
    thread->entity.level = 0;
    thread->entity.charged = thread->ran;
    thread->entity.allotment = allotment_of(thread);
    turn_begin(thread);
}

static void feedback_enqueue(struct run_queue *queue, struct thread *thread,
                             enum arrival how)
{
    charge(thread);
    if (thread->entity.boosted < queue->boosted)
        feedback_adopt(queue, thread);
    if (turn_goes_on(thread, how))
        levels_add_first(&queue->levels, line_of(thread), thread);
    else
        levels_add_last(&queue->levels, line_of(thread), thread);
}

static void feedback_dequeue(struct run_queue *queue, struct thread *thread)
{
    levels_remove(&queue->levels, line_of(thread), thread);
}

static struct thread *feedback_find(struct run_queue *queue,
                                    const struct wanted *wanted)
{
    return levels_find(&queue->levels, wanted);
}

static struct thread *feedback_pick(struct run_queue *queue)
{
    struct thread *thread = levels_find(&queue->levels, &wanted_any);

    if (thread)
        feedback_dequeue(queue, thread);
    return thread;
}

/* Rule 4, for the threads that wait; who runs or sleeps is adopted anew when
 * it comes into a line again. */
static void boost(struct run_queue *queue, u32 second)
{
    queue->boosted = second;
    for (u32 line = TOP - 1; line > TOP - DEPTH; line--)
        while (!list_is_empty(&queue->levels.lines[line])) {
            struct thread *thread = list_first(&queue->levels.lines[line],
                                               struct thread, entity.link);
            feedback_dequeue(queue, thread);
            feedback_adopt(queue, thread);
            levels_add_last(&queue->levels, line_of(thread), thread);
        }
}

static bool feedback_tick(struct run_queue *queue, struct thread *thread)
{
    u32 second = second_now();

    spin_enter(&queue->lock);
    charge(thread);
    if (queue->policy == &policy_feedback && second != queue->boosted) {
        boost(queue, second);
        feedback_adopt(queue, thread);
    }
    spin_leave(&queue->lock);
    return turn_is_over(thread) && queue->ready_count != 0;
}

static bool feedback_preempts(struct run_queue *queue, struct thread *woken)
{
    return queue->current->entity.policy == &policy_feedback &&
           woken->entity.level < queue->current->entity.level;
}

const struct scheduler_policy policy_feedback = {
    .name = "mlfq",
    .start = feedback_start,
    .adopt = feedback_adopt,
    .enqueue = feedback_enqueue,
    .dequeue = feedback_dequeue,
    .find = feedback_find,
    .pick = feedback_pick,
    .tick = feedback_tick,
    .preempts = feedback_preempts,
};
