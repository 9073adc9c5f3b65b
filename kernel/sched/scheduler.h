/*
 * Run queues, one a CPU, and the policy that orders them.
 *
 * A policy is a table of operations; all but tick are called with the run
 * queue's lock held, all with interrupts off, and none may sleep.
 */
#pragma once

#include "sched/thread.h"

struct run_queue {
    struct spinlock lock; /* rank RUN_QUEUE; held across the switch */
    struct cpu *cpu;
    u32 affinity; /* this CPU's bit in a thread's */
    struct thread *current;
    struct thread *idle;
    u32 ready_count; /* queued, without current and idle */
    const struct scheduler_policy *policy;
    struct list ready;      /* those, in an order of the policy's own */
    struct thread *leaving; /* DEAD or MOVING: whose stack we just left */
    u64 busy_ticks;
    u64 idle_nanoseconds;
};

struct scheduler_policy {
    const char *name;
    void (*start)(struct run_queue *queue); /* NULL: nothing to do */
    /* Puts it among the queue's `ready`; dequeue and pick take it out. */
    void (*enqueue)(struct run_queue *queue, struct thread *thread, bool woken);
    void (*dequeue)(struct run_queue *queue, struct thread *thread);
    /* Takes the next thread off the queue; NULL when it is empty. */
    struct thread *(*pick)(struct run_queue *queue);
    /* One tick of the running thread is over: true asks for a switch. Without
     * the lock: a thread that runs here is in no queue. */
    bool (*tick)(struct run_queue *queue, struct thread *thread);
    /* Should `woken` run before the current thread's slice is over? NULL: no
     * thread ever should. */
    bool (*preempts)(struct run_queue *queue, struct thread *woken);
};

extern const struct scheduler_policy policy_round_robin;

extern struct run_queue run_queues[CPU_MAX];

/* This CPU's queue. Preemption off. */
static inline struct run_queue *run_queue_here(void)
{
    return this_cpu()->run_queue;
}

/* Ticks of a quantum: boot option `quantum=`, milliseconds, 1 to 1000. */
extern u32 scheduler_quantum;

/* Reads the boot options `quantum=` and `sched=`, once. */
void scheduler_choose(void);

/* Starts this CPU's queue with `idle`, the thread that runs now. */
void scheduler_start(struct cpu *cpu, struct thread *idle);

/* The rest of the idle thread's life, once a CPU has booted: halts while
 * nobody is ready. */
noreturn void scheduler_idle(void);

/* NEW -> READY on a CPU of the scheduler's choice; the rest of
 * thread_start. */
void scheduler_add(struct thread *thread);

/* The first and the last thing that a thread does, for thread.c. `arrive`
 * unlocks the queue that the switch left locked; `leave` ends the thread. */
void scheduler_arrive(void);
noreturn void scheduler_leave(void);

/* Threads that run or are ready, without idle ones: for the load. */
u32 scheduler_runnable_count(void);

/* Ticks that a CPU was idle; sums over all CPUs, in ticks: for /proc/stat and
 * uptime. */
u64 scheduler_idle_ticks(const struct run_queue *queue);
void scheduler_times(u64 *busy, u64 *idle);
