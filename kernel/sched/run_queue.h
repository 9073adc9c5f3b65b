/*
 * The inside of a run queue, for scheduler.c and balance.c: its lock, and how
 * threads come and go. Interrupts are off in all of it.
 */
#pragma once

#include "sched/scheduler.h"
#include "x86/local_apic.h"

/* This CPU's queue, locked. Interrupts are off, and stay so until the caller
 * runs again: each thread remembers for itself what to restore. */
static inline struct run_queue *run_queue_lock_here(void)
{
    struct run_queue *queue = run_queue_here();

    spin_enter(&queue->lock);
    return queue;
}

/* The queue that a thread belongs to, locked: it may move until then.
 * Interrupts are off. */
static inline struct run_queue *run_queue_lock_of(const struct thread *thread)
{
    for (;;) {
        struct cpu *cpu = *(struct cpu *const volatile *)&thread->cpu;
        struct run_queue *queue = cpu->run_queue;

        spin_enter(&queue->lock);
        if (likely(thread->cpu == cpu))
            return queue;
        spin_leave(&queue->lock);
    }
}

/* The policy for a thread that the queue's own has not had last, or whose
 * priority is another now: what it counts follows. */
const struct scheduler_policy *run_queue_adopt(struct run_queue *queue,
                                               struct thread *thread);

static inline void enqueue(struct run_queue *queue, struct thread *thread,
                           enum arrival how)
{
    const struct scheduler_policy *policy = queue->policy;

    if (unlikely(thread->entity.policy != policy))
        policy = run_queue_adopt(queue, thread);
    policy->enqueue(queue, thread, how);
}

static inline void make_ready(struct run_queue *queue, struct thread *thread,
                              enum arrival how)
{
    enqueue(queue, thread, how);
    thread->state = THREAD_READY;
    queue->ready_count++;
    if (how == ARRIVES_FROM_AWAY)
        queue->load += thread->entity.load;
}

/* Whether the thread may run on this queue's CPU. */
static inline bool run_queue_admits(const struct run_queue *queue,
                                    const struct thread *thread)
{
    return thread->affinity & queue->affinity;
}

/* What a thread of this queue has run until now. The lock is held. */
static inline u64 run_queue_ran(const struct run_queue *queue,
                                const struct thread *thread, u64 now)
{
    u64 ran = thread->ran;

    if (queue->current == thread && now > queue->accounted)
        ran += now - queue->accounted;
    return ran;
}

/* A switch on this queue's CPU, soon. The lock is held. */
static inline void ask_for_switch(struct run_queue *queue)
{
    queue->cpu->switch_wanted = true;
    if (unlikely(queue->cpu != this_cpu()))
        local_apic_send(queue->cpu, TRAP_LOCAL_SWITCH);
}

/* The same, if a thread that has become ready is not to wait for its turn. */
static inline void ask_for_switch_to(struct run_queue *queue,
                                     struct thread *thread)
{
    const struct scheduler_policy *policy = queue->policy;

    if (unlikely(queue->real_time_ready != 0))
        policy = &policy_priority;
    if (queue->current == queue->idle ||
        (policy->preempts && policy->preempts(queue, thread)))
        ask_for_switch(queue);
}

/* READY -> MOVING: takes it out of its queue, whose lock is held, and sends it
 * to `target`. */
void run_queue_take_out(struct run_queue *queue, struct thread *thread,
                        struct cpu *target);
/* MOVING -> READY in the queue of its CPU, or of another where it may run. No
 * queue's lock is held. */
void run_queue_bring_in(struct thread *thread);
