/*
 * What the files of the library share: a thread, its carrier, the run queue.
 *
 * One lock protects all that threads share. Who leaves a stack holds it, and
 * who arrives on another releases it: so no kernel thread can take a thread
 * from the run queue whose stack another one has not left yet.
 *
 * A carrier is a kernel thread. It runs threads, or has gone into the kernel
 * with one, or is a spare. At most as many as uthread_start was told run.
 *
 *             nothing is ready             blocking_begin
 *     spare  <-----------------   running  ---------------->  in the kernel
 *            ----------------->            <----------------
 *              processor_give                blocking_end
 *
 * What the linker sees begins with uthread_, also where it is not for programs.
 *
 * A thread's `hold` is above 0 while it runs in the library, and while it does
 * not run at all; only with it can a thread come to another carrier.
 */
#pragma once

#include "uthread/lock.h"
#include "uthread/uthread.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

struct uthread {
    void *stack_pointer;       /* switch.asm: the first two, */
    unsigned control_word;     /* the FPU's; while it is away */
    struct uthread *link;      /* in the queue it stands in; lock */
    unsigned hold;             /* preemption is off so many times; its own */
    bool ended;                /* lock */
    struct uthread *joiner;    /* who waits for its end; lock */
    void *(*function)(void *); /* fixed, as is the next */
    void *argument;
    void *result; /* when it has ended; lock */
};

_Static_assert(offsetof(struct uthread, stack_pointer) == 0 &&
                   offsetof(struct uthread, control_word) == 4,
               "switch.asm");

struct carrier {
    struct uthread *idle; /* its own stack, on which it waits; fixed */
    struct uthread own;   /* that one, but for the first carrier */
    struct carrier *link; /* among the spares; lock */
    unsigned given;       /* a spare has got a processor; lock, futex */
    volatile bool runs;   /* runs a thread; lock, read by handlers */
    volatile int number;  /* the kernel's, for signals; fixed */
};

/* ---- who runs, and where ------------------------------------------------- */

extern __thread struct uthread *uthread_current;
extern __thread struct carrier *uthread_carrier;

/*
 * Assembly, since each must be one instruction: a compiler may compute the
 * address of a __thread variable first, and keep it, and then the thread may
 * go on elsewhere. The carrier is asked for with preemption held off.
 */
static inline struct uthread *thread_now(void)
{
    struct uthread *thread;

    __asm__ volatile("movl %%gs:uthread_current@ntpoff, %0"
                     : "=r"(thread)::"memory");
    return thread;
}

static inline void thread_now_is(struct uthread *thread)
{
    __asm__ volatile("movl %0, %%gs:uthread_current@ntpoff" ::"r"(thread)
                     : "memory");
}

static inline struct carrier *carrier_now(void)
{
    struct carrier *carrier;

    __asm__ volatile("movl %%gs:uthread_carrier@ntpoff, %0"
                     : "=r"(carrier)::"memory");
    return carrier;
}

/* ---- preemption held off ------------------------------------------------- */

/* The top bit of `hold`, set by the handler: a switch has been put off. */
#define HOLD_DUE 0x80000000u

/* Assembly, since a handler may come between two instructions, and set that
 * bit, and what it set would be lost. */
static inline void hold_raise(struct uthread *self)
{
    __asm__ volatile("incl %0" : "+m"(self->hold)::"memory", "cc");
}

/* Is anything left: more holds, or a switch that is due? */
static inline bool hold_lower(struct uthread *self)
{
    bool left;

    __asm__ volatile("decl %0" : "+m"(self->hold), "=@ccnz"(left)::"memory");
    return left;
}

/* After a switch: the one that had been put off before is made with it. */
static inline void hold_none_due(struct uthread *self)
{
    __asm__ volatile("andl %1, %0"
                     : "+m"(self->hold)
                     : "i"(~HOLD_DUE)
                     : "memory", "cc");
}

/* ---- queues; lock held --------------------------------------------------- */

static inline void queue_add(struct uthread_queue *queue,
                             struct uthread *thread)
{
    thread->link = thread;
    if (queue->last) {
        thread->link = queue->last->link;
        queue->last->link = thread;
    }
    queue->last = thread;
}

/* The first, or NULL. */
static inline struct uthread *queue_take(struct uthread_queue *queue)
{
    struct uthread *first = queue->last ? queue->last->link : NULL;

    if (first == queue->last)
        queue->last = NULL;
    else
        queue->last->link = first->link;
    return first;
}

/* Puts a thread behind the others and takes their first; not empty. */
static inline struct uthread *queue_exchange(struct uthread_queue *queue,
                                             struct uthread *thread)
{
    struct uthread *first = queue->last->link;

    queue->last->link = thread;
    thread->link = first->link; /* itself, where there was only one */
    queue->last = thread;
    return first;
}

/* ---- scheduler.c: the run queue ------------------------------------------ */

extern struct uthread_queue uthread_ready; /* lock */

/* Into the library: preemption held off, the lock taken; and out again. */
struct uthread *uthread_enter(void);
void uthread_leave(void);

/* The caller has put itself where somebody finds it. Lock held, as then. */
void uthread_sleep(void);
/* The thread is ready. Lock held. */
void uthread_wake(struct uthread *thread);
/* Goes on with another thread. Lock held before and after. */
void uthread_switch(struct uthread *self, struct uthread *next);
/* Makes the first switch to a thread begin with `entry`, the lock held, on the
 * stack below it. */
void uthread_prepare(struct uthread *made, void (*entry)(void));

/* ---- stack.c: stacks; lock held ------------------------------------------ */

/* A thread at the top of a stack of its own; NULL when memory is out. */
struct uthread *uthread_stack_take(void);
void uthread_stack_give(struct uthread *thread);

/* ---- carrier.c: kernel threads; lock held -------------------------------- */

extern struct carrier uthread_carriers[];
extern volatile int uthread_carriers_count;

/* The right to run threads, of which there are as many as uthread_start says:
 * is one left, give it to a spare, lose the caller's own. */
bool uthread_processor_is_free(void);
void uthread_processor_give(void);
void uthread_processor_drop(void);

/* ---- mutex.c; lock held -------------------------------------------------- */

/* Until it is the caller's; and to the first who waits. */
void uthread_mutex_take(struct uthread_mutex *mutex, struct uthread *self);
void uthread_mutex_give(struct uthread_mutex *mutex);

/* ---- preempt.c ----------------------------------------------------------- */

/* After hold_lower: if a switch is due, makes it, and keeps errno. */
__attribute__((cold)) void uthread_preempt_now(struct uthread *self);
/* Lets the timer's signal through to this kernel thread, or not. */
void uthread_timer_block(bool block);

/* Not inlined, since a pointer to errno may not be kept. */
int uthread_errno_get(void);
void uthread_errno_set(int error);
