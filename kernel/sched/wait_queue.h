/*
 * Wait queues: the threads that wait for one thing; the most urgent is woken
 * first (thread_urgency, lend.h), of equals who came first.
 *
 * A queue is protected by the lock of the thing it waits for; the queue knows
 * which. The usual wait, with that lock held:
 *
 *     while (!condition) {
 *         int result = wait_queue_wait(&queue, deadline, INTERRUPTIBLE);
 *         if (result < 0) break;
 *     }
 *
 * wait_queue_wait lets go of the lock while it is parked and holds it again
 * when it returns. A waiter that is woken is off the queue already.
 */
#pragma once

#include "sched/thread.h"

struct wait_queue {
    struct spinlock *lock;
    struct list waiters; /* of struct waiter.link */
};

struct waiter {
    struct list link; /* linked to itself: not queued (any more) */
    struct wait_queue *queue;
    struct thread *thread;
    bool watching; /* a poller: it is told, but takes nothing away */
    bool woken;
};

enum wait_kind { UNINTERRUPTIBLE, INTERRUPTIBLE };

void wait_queue_initialize(struct wait_queue *queue, struct spinlock *lock);

/* 0 woken (check the condition), -EINTR when INTERRUPTIBLE and the thread has
 * work (a signal), -ETIMEDOUT when `deadline` (clock_nanoseconds, 0: none)
 * has passed. The lock is held before and after. */
int wait_queue_wait(struct wait_queue *queue, u64 deadline,
                    enum wait_kind kind);

/* Wake the first that will use what has come (and every poller), or all. The
 * lock is held. */
void wait_queue_wake_one(struct wait_queue *queue);
void wait_queue_wake_all(struct wait_queue *queue);

/* The two halves of wait_queue_wait, for who lets go of something else in
 * between: stand in line; wait. The lock is held before and after both, and
 * may be free between them. */
void wait_queue_enter(struct wait_queue *queue, struct waiter *waiter);
int waiter_wait(struct waiter *waiter, u64 deadline, enum wait_kind kind);

/* Who would be woken first, or NULL; and waking one by hand. Lock held. */
struct waiter *wait_queue_first(const struct wait_queue *queue);
void waiter_wake(struct waiter *waiter);

/* For poll, which waits on many queues at once: queue and leave by hand. Both
 * take the queue's lock themselves. Between them, thread_park_until. */
void waiter_add(struct waiter *waiter, struct wait_queue *queue);
/* Returns whether it had been woken before. */
bool waiter_remove(struct waiter *waiter);

/* The thread has a signal to look at (or must end). */
static inline bool thread_is_interrupted(void)
{
    return current_thread()->work != 0;
}
