/*
 * Mutexes, handed over: the one who unlocks makes the longest waiting the
 * owner, so that nobody starves and who wakes need not look again.
 */
#include "uthread/internal.h"

int uthread_mutex_lock(struct uthread_mutex *mutex)
{
    struct uthread *self = uthread_enter();
    int error = mutex->owner == self ? EDEADLK : 0;

    if (error == 0)
        uthread_mutex_take(mutex, self);
    uthread_leave();
    return error;
}

int uthread_mutex_trylock(struct uthread_mutex *mutex)
{
    struct uthread *self = uthread_enter();
    int error = mutex->owner ? EBUSY : 0;

    if (error == 0)
        mutex->owner = self;
    uthread_leave();
    return error;
}

int uthread_mutex_unlock(struct uthread_mutex *mutex)
{
    struct uthread *self = uthread_enter();
    int error = mutex->owner == self ? 0 : EPERM;

    if (error == 0)
        uthread_mutex_give(mutex);
    uthread_leave();
    return error;
}

/* ---- for conditions too; lock held --------------------------------------- */

void uthread_mutex_take(struct uthread_mutex *mutex, struct uthread *self)
{
    if (mutex->owner) {
        queue_add(&mutex->waiting, self);
        uthread_sleep();
    } else {
        mutex->owner = self;
    }
}

void uthread_mutex_give(struct uthread_mutex *mutex)
{
    mutex->owner = queue_take(&mutex->waiting);
    if (mutex->owner)
        uthread_wake(mutex->owner);
}
