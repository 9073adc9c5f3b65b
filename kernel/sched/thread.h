/*
 * Threads: the unit that the scheduler runs. The thread context is what a
 * thread needs to go on: its saved kernel stack pointer, state, FPU, TLS.
 *
 * Blocking is park and unpark. A thread that wants to wait first makes itself
 * findable (a wait queue, a timer), checks its condition, and parks. Whoever
 * makes the condition true unparks it. An unpark that comes before the park
 * is remembered as one permit, so no wake-up is lost whatever the order; a
 * park may also return for no reason, so callers check again in a loop.
 *
 *   NEW ------> READY <-----> RUNNING -----> DEAD -> (freed by the reaper)
 *     thread_start  ^            | thread_park
 *                   +-- PARKED <-+
 *                    thread_unpark
 *
 * MOVING is any but PARKED and DEAD on its way to another CPU's queue, in none;
 * who is woken to run elsewhere passes through it as well.
 *
 * A thread that dies is freed by who holds the last reference (thread_get,
 * thread_put); its stack goes back as soon as another stack is in use. The
 * topmost bytes of every stack are kept for the processor context of user
 * code (thread_user_frame), which a kernel thread never has.
 */
#pragma once

#include "core/spinlock.h"
#include "lib/list.h"
#include "sched/entity.h"
#include "x86/fpu.h"
#include "x86/kernel_stack.h"
#include "x86/page_table.h"
#include "x86/segments.h"
#include "x86/trap.h"
#include <linux/resource.h>

#define THREAD_NAME_SIZE 16
#define MUTEXES_HELD_MAX 8 /* by one thread at a time */
#define CPU_ALL          ((1u << CPU_MAX) - 1)

struct mutex;

enum thread_state {
    THREAD_NEW,
    THREAD_READY,
    THREAD_RUNNING,
    THREAD_PARKED,
    THREAD_MOVING,
    THREAD_DEAD,
};

/* How much a thread matters: 20 - nice for most (1 to 40), 40 + p for the
 * real-time priority p (41 to 139). */
#define PRIORITY_NORMAL   20u
#define PRIORITY_NICE_MAX 40u

struct thread {
    /* Set by anyone, looked at by the thread: something to do before it goes
     * back to user code (atomic). First, because x86/entry.asm tests it. */
    volatile u32 work;

    /* Under the lock of the thread's run queue. */
    enum thread_state state;
    bool permit; /* an unpark came before the park */
    struct cpu *cpu;
    u32 affinity;     /* bit a CPU that it may run on */
    u8 priority;      /* that counts now; changed under the lending lock too */
    bool takes_turns; /* with real-time threads of its priority: not FIFO */
    struct schedule_entity entity;
    u64 ran; /* counts of cpu_timestamp(), till the last tick or switch */

    /* Under the lending lock (lend.c). */
    u8 own_priority;
    struct mutex *waits_for;
    struct thread *lender;      /* first of those who wait for what it holds, */
    struct thread *next_lender; /* and the next who waits for that owner */

    /* Of the thread itself (or fixed once it is started). */
    u32 stack_pointer; /* while it does not run */
    struct stack_base *stack;
    struct page_table *page_table; /* NULL: any will do (kernel thread) */
    struct fpu_state *fpu;         /* NULL: has none (kernel thread) */
    struct thread_segments segments;
    const struct rlimit64 *limits; /* its process's; NULL: kernel thread */
    char name[THREAD_NAME_SIZE];
    void (*function)(void *argument);
    void *argument;
    /* CHECKED: the mutexes that it holds, oldest first, and since when. */
    struct mutex *held[MUTEXES_HELD_MAX];
    u64 held_since[MUTEXES_HELD_MAX];
    u32 held_count;

    struct list all;         /* every thread; under the thread list lock */
    volatile u32 references; /* atomic */
    void (*release)(struct thread *thread); /* frees it at the last put */

    /* Written by the CPU that runs it. */
    u64 user_ticks;
    u64 kernel_ticks;
    u64 switches_wanted;   /* it parked */
    u64 switches_suffered; /* it was preempted */
    bool timed;            /* its ticks are told to on_time_charged */
};

static inline bool thread_is_real_time(const struct thread *thread)
{
    return thread->priority > PRIORITY_NICE_MAX;
}

/* It keeps the CPU among its equals until it waits or yields: SCHED_FIFO. */
static inline bool thread_is_fifo(const struct thread *thread)
{
    return thread_is_real_time(thread) && !thread->takes_turns;
}

/* How much a thread matters where threads wait, for something or for a CPU:
 * nice values count under fixed priorities only, else all but real-time threads
 * are equals. Changed in policy.c. */
extern u8 urgency_least;
static inline u32 thread_urgency(const struct thread *thread)
{
    return max(thread->priority, urgency_least);
}

/* Whom somebody looks for in a run queue. */
struct wanted {
    u32 affinity;                    /* may run on one of these CPUs, */
    u32 load_most;                   /* has no greater load, */
    u32 urgency_least, urgency_most; /* and is of these */
};

static inline bool thread_fits(const struct thread *thread,
                               const struct wanted *wanted)
{
    u32 urgency = thread_urgency(thread);

    return (thread->affinity & wanted->affinity) &&
           thread->entity.load <= wanted->load_most &&
           urgency >= wanted->urgency_least && urgency <= wanted->urgency_most;
}

/* Bits of work. */
#define THREAD_WORK_SIGNAL 1u
#define THREAD_WORK_EXIT   2u

/* Makes the thread of control that runs now this CPU's idle thread, and starts
 * its run queue: on the CPU that boots, and on one that has just started. */
void threads_start(void);
void threads_start_cpu(void);

/* Prepares a thread in NEW with one reference, memory given by the caller,
 * with a stack but no FPU state and no page table. `release` is called at the
 * last thread_put, with interrupts perhaps off: it must not sleep. 0, -ENOMEM,
 * or -EAGAIN at the limit on threads. */
int thread_prepare(struct thread *thread, const char *name,
                   void (*function)(void *argument), void *argument,
                   void (*release)(struct thread *thread));

/* Undoes thread_prepare for a thread that was never started. */
void thread_abandon(struct thread *thread);

/* NEW -> READY, on the CPU that the balancer picks. The scheduler takes a
 * reference for as long as the thread lives. */
void thread_start(struct thread *thread);

/* A kernel thread with memory from the heap, started, with a reference for
 * the caller; NULL when out. It ends by returning or by thread_exit. */
struct thread *kernel_thread_create(const char *name,
                                    void (*function)(void *argument),
                                    void *argument);

/* Ends the current thread. No lock held. */
noreturn void thread_exit(void);
/* Its first step, for who lets others see the end before it comes: from here
 * on the current thread counts as dead. It goes on to thread_exit without
 * waiting for anything. */
void thread_retire(void);
/* Its last: gives stack and reference back, from another stack. */
void thread_bury(struct thread *thread);
/* Waits until all that have retired by now, or as many, are buried. */
void threads_wait_buried(void);

void thread_get(struct thread *thread);
void thread_put(struct thread *thread);

/* Blocks the current thread until an unpark, or returns at once and uses up
 * the permit. No spinlock held. */
void thread_park(void);
/* The same for who holds one spinlock: lets go of it when no unpark can be
 * missed any more, and holds it again afterwards. */
void thread_park_unlocking(struct spinlock *lock);
/* As thread_park, until clock_nanoseconds() reaches `deadline` at the latest
 * (0: no deadline). */
void thread_park_until(u64 deadline);
/* Any context, also interrupt handlers. */
void thread_unpark(struct thread *thread);

/* Where it may run from now on: at least one CPU that there is. The current
 * thread runs there when the call returns. */
void thread_set_affinity(struct thread *thread, u32 allowed);

/* Its own priority from now on, and whether it takes turns with its equals.
 * (lend.c) */
void thread_set_priority(struct thread *thread, u32 priority, bool takes_turns);

/* Makes a thread that runs user code look at its `work`. Any context. */
void thread_kick(struct thread *thread);

/* What a thread has run until now, in counts of cpu_timestamp(). */
u64 thread_ran(const struct thread *thread);

/* Lets others run first. */
void thread_yield(void);

/* Until clock_nanoseconds() >= deadline, whatever signals come. */
void thread_sleep_until(u64 deadline);

/* Threads that live now; and the most that may (boot option `threads=`). */
u32 thread_count(void);
u32 thread_limit(void);

/* Makes it the current thread's page table and loads it (exec); NULL: from
 * now on it needs none, and the kernel's is loaded (the end of a process). */
void thread_use_page_table(struct page_table *page_table);

/* Where the processor context of user code lies while the thread is in the
 * kernel: fork fills the child's before it starts it. */
static inline struct trap_frame *thread_user_frame(const struct thread *thread)
{
    return (struct trap_frame *)(uintptr_t)kernel_stack_top(thread->stack) - 1;
}

/* The soft limit (RLIMIT_*) on whom runs now; RLIM64_INFINITY: none. */
static inline u64 limit_current(u32 resource)
{
    const struct rlimit64 *limits = current_thread()->limits;
    return limits ? limits[resource].rlim_cur : RLIM64_INFINITY;
}

/* Every living thread, kernel threads too: calls visit with the list's lock
 * held, until it returns false. */
void thread_for_each(bool (*visit)(struct thread *thread, void *context),
                     void *context);
