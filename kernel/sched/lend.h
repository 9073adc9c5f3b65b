/*
 * Lending priority (donation): who waits for a mutex lends its priority to the
 * owner, so that nobody in between keeps both from running. The priority that
 * counts (thread.priority) is the highest of a thread's own and of all those
 * who wait for what it holds; and so on along the chain, when the owner waits
 * for another mutex itself.
 *
 *     H (60) ----waits----> M1, owned by M (50) ---+
 *                                                  +--> M2, owned by L (20)
 *     B (40) ----waits---------------------------- +
 *
 *     counts:  H 60, M 60, B 40, L 60; when L unlocks M2: L 20 again
 *
 * It is so under every policy; what a policy makes of a priority is its own
 * affair. For mutexes: lend_begin, lend_end and lend_pass are called with the
 * mutex's lock held.
 */
#pragma once

#include "sched/mutex.h"

/* Begins to wait for a mutex that has an owner. */
void lend_begin(struct mutex *mutex, struct thread *waiter);
/* Gives up waiting: takes back what it has lent. Nothing happens to who has
 * got the mutex. */
void lend_end(struct thread *waiter);
/* Does `owner` wait, by however many steps, for the current thread? Then that
 * would wait for itself. Needs no mutex's lock. `visit` (or NULL) is called for
 * each on the way, with the lending lock held. */
bool lend_comes_back(struct thread *owner,
                     void (*visit)(struct thread *thread, void *context),
                     void *context);
/* Whom it waits for, NULL: for no mutex. Asked by what lend_for_each calls. */
static inline struct thread *lend_owner(const struct thread *waiter)
{
    return waiter->waits_for ? mutex_owner(waiter->waits_for) : NULL;
}
/* For each thread that waits for a mutex. Who is waited for stays so meanwhile:
 * `visit` is called with the lending lock held, and others above it. */
void lend_for_each(void (*visit)(struct thread *waiter, void *context),
                   void *context);
/* The mutex has a new owner, which was waiting for it (or NULL: nobody does):
 * from now on the others lend to that one. `owner` is the word to store. */
void lend_pass(struct mutex *mutex, struct thread *next, u32 owner);
