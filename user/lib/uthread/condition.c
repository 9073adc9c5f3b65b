/*
 * Conditions. The mutex is given away and the place in the line taken under
 * one lock, so that no signal falls between the two.
 */
#include "uthread/internal.h"

int uthread_condition_wait(struct uthread_condition *condition,
                           struct uthread_mutex *mutex)
{
    struct uthread *self = uthread_enter();
    int error = mutex->owner == self ? 0 : EPERM;

    if (error == 0) {
        queue_add(&condition->waiting, self);
        uthread_mutex_give(mutex);
        uthread_sleep();
        uthread_mutex_take(mutex, self);
    }
    uthread_leave();
    return error;
}

/* Wakes the first; was there one? Lock held. */
static bool wake_first(struct uthread_condition *condition)
{
    struct uthread *first = queue_take(&condition->waiting);

    if (first)
        uthread_wake(first);
    return first != NULL;
}

void uthread_condition_signal(struct uthread_condition *condition)
{
    uthread_enter();
    wake_first(condition);
    uthread_leave();
}

void uthread_condition_broadcast(struct uthread_condition *condition)
{
    uthread_enter();
    while (wake_first(condition))
        ;
    uthread_leave();
}
