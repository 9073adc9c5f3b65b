/*
 * Run queues, one a CPU, and the policy that orders them.
 *
 * A policy is a table of operations; all but tick are called with the run
 * queue's lock held, all with interrupts off, and none may sleep.
 */
#pragma once

#include "core/cpu.h"
#include "sched/levels.h"
#include "sched/thread.h"
#include "x86/clock.h"

struct run_queue {
    struct spinlock lock; /* rank RUN_QUEUE; held across the switch */
    struct cpu *cpu;
    u32 affinity; /* this CPU's bit in a thread's */
    struct thread *current;
    struct thread *idle;
    u32 ready_count; /* queued, without current and idle */
    u32 load;        /* of all who are ready or run */
    const struct scheduler_policy *policy;
    struct thread *leaving; /* DEAD or MOVING: whose stack we just left */
    u64 busy_ticks;
    u64 accounted; /* cpu_timestamp() till which `current` has got its time */

    /* Where those who are ready stand: the policy uses one of the three. */
    struct list line;     /* first come, first served */
    struct levels levels; /* by level; real-time threads under any policy */
    struct tree order;    /* by entity.key */
    u32 real_time_ready;  /* of those in `levels` */

    u32 boosted; /* feedback: the second in which all went to the top */
    s64 pass;    /* stride: of who was picked last */
    /* fair: see there */
    s64 origin, moment;
    u32 weight;
};

/* How a thread comes to stand among those who are ready. */
enum arrival {
    ARRIVES_FROM_AWAY, /* it was parked, new, or on another CPU */
    ARRIVES_YIELDING,
    ARRIVES_PREEMPTED,
};

struct scheduler_policy {
    const char *name;
    bool gives_shares; /* threads count by their nice value, else by heads */
    void (*start)(struct run_queue *queue); /* its order is empty */
    /* A thread comes that this policy has not had before. */
    void (*adopt)(struct run_queue *queue, struct thread *thread);
    /* Puts it among those who are ready; dequeue and pick take it out. */
    void (*enqueue)(struct run_queue *queue, struct thread *thread,
                    enum arrival how);
    void (*dequeue)(struct run_queue *queue, struct thread *thread);
    /* The first that fits (thread_fits), left where it is. */
    struct thread *(*find)(struct run_queue *queue,
                           const struct wanted *wanted);
    /* Takes the next thread off the queue; NULL when it is empty. */
    struct thread *(*pick)(struct run_queue *queue);
    /* A tick meets the running thread, whose `ran` is true now: true asks for
     * a switch. Without the lock: a thread that runs here is in no queue. */
    bool (*tick)(struct run_queue *queue, struct thread *thread);
    /* Should `woken` run before the current thread's turn is over? NULL: no
     * thread ever should. */
    bool (*preempts)(struct run_queue *queue, struct thread *woken);
};

extern const struct scheduler_policy policy_round_robin, policy_priority,
    policy_feedback, policy_stride, policy_fair;

extern struct run_queue run_queues[CPU_MAX];
extern const struct wanted wanted_any;

/* This CPU's queue. Preemption off. */
static inline struct run_queue *run_queue_here(void)
{
    return this_cpu()->run_queue;
}

/* Which policy orders a thread: real-time threads stand above all others. */
static inline const struct scheduler_policy *
policy_of(const struct run_queue *queue, const struct thread *thread)
{
    return unlikely(thread_is_real_time(thread)) ? &policy_priority
                                                 : queue->policy;
}

/* The policy in force: the boot option `sched=`, or chosen since. By its
 * index in the list of all; NULL past the end. */
const struct scheduler_policy *scheduler_policy(void);
const struct scheduler_policy *scheduler_policy_at(u32 index);
/* Another policy for all CPUs, with all threads where they are: 0, or -EINVAL
 * when none is called so. */
int scheduler_choose(const char *name);
/* For a queue that starts. */
void scheduler_policy_start(struct run_queue *queue);

/* Ticks of a quantum: boot option `quantum=`, milliseconds, 1 to 1000. With
 * `jitter=SEED` (not 0) each tick draws another, of 1 to that. */
extern u32 scheduler_quantum, quantum_jitter;
void scheduler_set_quantum(u32 ticks);
void quantum_draw(void);

/* What a thread may run in a turn, in counts of cpu_timestamp(): half a tick
 * less than the quantum, since the tick nearest to its end is to end it. */
extern u32 turn_counts;

static inline void turn_begin(struct thread *thread)
{
    thread->entity.turn_end = thread->ran + turn_counts;
}

static inline bool turn_is_over(const struct thread *thread)
{
    return thread->ran >= thread->entity.turn_end;
}

/* Whether it comes back to the head of its line, since only something more
 * urgent has come into its turn. If that is over, the next one begins. */
static inline bool turn_goes_on(struct thread *thread, enum arrival how)
{
    if (unlikely(turn_is_over(thread))) {
        turn_begin(thread);
        return false;
    }
    return how == ARRIVES_PREEMPTED;
}

/* What a thread has run since it was charged last. */
static inline u64 charge_take(struct thread *thread)
{
    u64 used = thread->ran - thread->entity.charged;

    thread->entity.charged = thread->ran;
    return used;
}

/* The time that has passed goes to who runs here; how much that was. Lock
 * held, on this CPU. */
static inline u64 run_queue_account(struct run_queue *queue)
{
    u64 now = cpu_timestamp(), passed = now - queue->accounted;

    queue->current->ran += passed;
    queue->accounted = now;
    return passed;
}

/* Starts this CPU's queue with `idle`, the thread that runs now. */
void scheduler_start(struct cpu *cpu, struct thread *idle);

/* The rest of the idle thread's life, once a CPU has booted: halts while
 * nobody is ready. */
noreturn void scheduler_idle(void);

/* NEW -> READY on a CPU of the scheduler's choice: the rest of thread_start. */
void scheduler_add(struct thread *thread);

/* The first and the last thing that a thread does, for thread.c. `arrive`
 * unlocks the queue that the switch left locked; `leave` ends the thread. */
void scheduler_arrive(void);
noreturn void scheduler_leave(void);
