/*
 * Wait queues: who waits stands in line, who wakes takes the most urgent off.
 *
 * A waiter lives on its thread's stack. It leaves the queue under the queue's
 * lock, either taken off by who wakes it or by the thread itself when it
 * gives up; the thread takes that lock before it returns, so a waker never
 * touches a waiter that is gone. Pollers stand in front: they only want to be
 * told, and must not swallow the wake-up that was meant for a reader.
 */
#include "sched/wait_queue.h"
#include "core/panic.h"
#include "sched/lend.h"
#include "x86/clock.h"
#include <asm/errno.h>

void wait_queue_initialize(struct wait_queue *queue, struct spinlock *lock)
{
    queue->lock = lock;
    list_initialize(&queue->waiters);
}

void wait_queue_enter(struct wait_queue *queue, struct waiter *waiter)
{
    assert_checked(spin_is_locked(queue->lock));
    waiter->queue = queue;
    waiter->thread = current_thread();
    waiter->watching = false;
    waiter->woken = false;
    list_add_last(&queue->waiters, &waiter->link);
}

static void park_until(u64 deadline, struct spinlock *lock)
{
    spin_unlock(lock);
    thread_park_until(deadline);
    spin_lock(lock);
}

static inline int wait(struct waiter *waiter, u64 deadline, enum wait_kind kind)
{
    int result = 0;

    while (!waiter->woken && result == 0) {
        if (kind == INTERRUPTIBLE && thread_is_interrupted())
            result = -EINTR;
        else if (deadline == 0)
            thread_park_unlocking(waiter->queue->lock);
        else if (clock_nanoseconds() < deadline)
            park_until(deadline, waiter->queue->lock);
        else
            result = -ETIMEDOUT;
    }
    if (result < 0)
        list_remove(&waiter->link);
    return result;
}

int waiter_wait(struct waiter *waiter, u64 deadline, enum wait_kind kind)
{
    return wait(waiter, deadline, kind);
}

int wait_queue_wait(struct wait_queue *queue, u64 deadline, enum wait_kind kind)
{
    struct waiter waiter;

    wait_queue_enter(queue, &waiter);
    return wait(&waiter, deadline, kind);
}

/* Pollers stand in front, and are told first. */
struct waiter *wait_queue_first(const struct wait_queue *queue)
{
    struct waiter *waiter, *first = NULL;

    list_for_each (waiter, &queue->waiters, link)
        if (!first || (!first->watching && thread_urgency(waiter->thread) >
                                               thread_urgency(first->thread)))
            first = waiter;
    return first;
}

void waiter_wake(struct waiter *waiter)
{
    struct thread *thread = waiter->thread;

    list_remove(&waiter->link);
    waiter->woken = true;
    thread_unpark(thread);
}

void wait_queue_wake_one(struct wait_queue *queue)
{
    struct waiter *waiter;
    bool watching = true;

    while (watching && (waiter = wait_queue_first(queue)) != NULL) {
        watching = waiter->watching;
        waiter_wake(waiter);
    }
}

void wait_queue_wake_all(struct wait_queue *queue)
{
    while (!list_is_empty(&queue->waiters))
        waiter_wake(list_first(&queue->waiters, struct waiter, link));
}

void waiter_add(struct waiter *waiter, struct wait_queue *queue)
{
    waiter->queue = queue;
    waiter->thread = current_thread();
    waiter->watching = true;
    waiter->woken = false;
    spin_lock(queue->lock);
    list_add_first(&queue->waiters, &waiter->link);
    spin_unlock(queue->lock);
}

bool waiter_remove(struct waiter *waiter)
{
    spin_lock(waiter->queue->lock);
    bool woken = waiter->woken;
    list_remove(&waiter->link);
    spin_unlock(waiter->queue->lock);
    return woken;
}
