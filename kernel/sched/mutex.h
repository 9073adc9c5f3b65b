/*
 * Sleeping locks. A mutex has an owner; only the owner unlocks. The fast path
 * is one compare-and-exchange. Not for interrupt handlers, not under a
 * spinlock.
 *
 * An unlock with waiters makes the most urgent of them the owner at once (of
 * equals the first), so that the mutex is never free while somebody waits.
 * CHECKED builds assert that a thread takes ranks downwards.
 */
#pragma once

#include "sched/wait_queue.h"

struct mutex {
    volatile u32 owner; /* thread address | 1 when somebody waits (atomic) */
    u8 rank;
    u8 last; /* CHECKED: 1 + index of the CPU that it was taken on last */
    struct spinlock lock; /* rank WAIT: protects bit 0 of owner, the queue */
    struct wait_queue waiters;
};

void mutex_initialize(struct mutex *mutex, enum lock_rank rank);
void mutex_lock(struct mutex *mutex);
/* For a second mutex of the rank that the thread holds already: that nobody
 * takes the two the other way round is the caller's duty. */
void mutex_lock_nested(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);
bool mutex_is_mine(const struct mutex *mutex);
struct thread *mutex_owner(const struct mutex *mutex);

/* For locks that user code holds, beyond the call and so outside of ranks,
 * and that it takes without the kernel: somebody else says whose they are. */

/* One that nobody owns gets an owner. */
void mutex_give(struct mutex *mutex, struct thread *owner);
/* Stands in line for one that has an owner. */
void mutex_enter(struct mutex *mutex, struct waiter *waiter);
/* Waits there: 0 when it is the current thread's, -EINTR, -ETIMEDOUT. */
int mutex_wait(struct mutex *mutex, struct waiter *waiter, u64 deadline);
/* With the mutex's lock held. Whose turn it is, or NULL; that one gets it,
 * whoever owns it now. */
struct waiter *mutex_next(const struct mutex *mutex);
void mutex_pass(struct mutex *mutex, struct waiter *next);
