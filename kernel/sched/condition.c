/*
 * Condition variables and counting semaphores, both made of a wait queue.
 *
 * condition_wait stands in line before it lets go of the mutex: who changes
 * the condition under that mutex afterwards finds the waiter. A unit that
 * semaphore_up brings while somebody waits goes to the first in line and
 * never shows up in the count, so that no late-comer can take it away.
 */
#include "sched/condition.h"

void condition_initialize(struct condition *condition)
{
    spinlock_initialize(&condition->lock, RANK_WAIT);
    wait_queue_initialize(&condition->waiters, &condition->lock);
}

int condition_wait(struct condition *condition, struct mutex *mutex,
                   u64 deadline, enum wait_kind kind)
{
    struct waiter waiter;

    spin_lock(&condition->lock);
    wait_queue_enter(&condition->waiters, &waiter);
    spin_unlock(&condition->lock);
    mutex_unlock(mutex);
    spin_lock(&condition->lock);
    int result = waiter_wait(&waiter, deadline, kind);
    spin_unlock(&condition->lock);
    mutex_lock(mutex);
    return result;
}

void condition_signal(struct condition *condition)
{
    spin_lock(&condition->lock);
    wait_queue_wake_one(&condition->waiters);
    spin_unlock(&condition->lock);
}

void condition_broadcast(struct condition *condition)
{
    spin_lock(&condition->lock);
    wait_queue_wake_all(&condition->waiters);
    spin_unlock(&condition->lock);
}

void semaphore_initialize(struct semaphore *semaphore, u32 count)
{
    spinlock_initialize(&semaphore->lock, RANK_WAIT);
    wait_queue_initialize(&semaphore->waiters, &semaphore->lock);
    semaphore->count = count;
}

void semaphore_down(struct semaphore *semaphore)
{
    spin_lock(&semaphore->lock);
    if (semaphore->count > 0)
        semaphore->count--;
    else
        wait_queue_wait(&semaphore->waiters, 0, UNINTERRUPTIBLE);
    spin_unlock(&semaphore->lock);
}

bool semaphore_try_down(struct semaphore *semaphore)
{
    spin_lock(&semaphore->lock);
    bool taken = semaphore->count > 0;

    if (taken)
        semaphore->count--;
    spin_unlock(&semaphore->lock);
    return taken;
}

void semaphore_up(struct semaphore *semaphore)
{
    spin_lock(&semaphore->lock);
    if (list_is_empty(&semaphore->waiters.waiters))
        semaphore->count++;
    else
        wait_queue_wake_one(&semaphore->waiters);
    spin_unlock(&semaphore->lock);
}
