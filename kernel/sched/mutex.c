/*
 * Mutexes, handed from owner to owner.
 *
 * `owner` is 0 (free), a thread (held), or a thread + 1 (held, and somebody
 * waits). Bit 0 is set and cleared only under the mutex's spinlock; while it
 * is set, the owner's fast unlock fails, so the owner comes for the lock too
 * and passes the mutex to the first in line. A waiter that wakes up owns it.
 * Who waits lends its priority to the owner (lend.h).
 */
#include "sched/mutex.h"
#include "core/lock_statistics.h"
#include "core/panic.h"
#include "sched/lend.h"

#define WAITED_FOR 1u

static u32 owner_word(const struct thread *thread)
{
    return (u32)(uintptr_t)thread;
}

void mutex_initialize(struct mutex *mutex, enum lock_rank rank)
{
    mutex->owner = 0;
    mutex->rank = (u8)rank;
    mutex->last = 0;
    spinlock_initialize(&mutex->lock, RANK_WAIT);
    wait_queue_initialize(&mutex->waiters, &mutex->lock);
}

struct thread *mutex_owner(const struct mutex *mutex)
{
    return (struct thread *)(uintptr_t)(mutex->owner & ~WAITED_FOR);
}

bool mutex_is_mine(const struct mutex *mutex)
{
    return mutex_owner(mutex) == current_thread();
}

/* ---- the rules, for CHECKED builds --------------------------------------- */

static void check_taking(const struct mutex *mutex, u32 lowest_allowed)
{
    const struct thread *thread = current_thread();

    assert(cpu_interrupts_enabled()); /* as never where a spinlock is held */
    assert(!mutex_is_mine(mutex));
    for (u32 i = 0; i < thread->held_count; i++)
        if (thread->held[i]->rank < lowest_allowed)
            panic("mutex of rank %x taken while one of rank %x is held",
                  mutex->rank, thread->held[i]->rank);
}

static void check_taken(struct mutex *mutex, bool waited)
{
    struct thread *thread = current_thread();

    assert(thread->held_count < MUTEXES_HELD_MAX);
    thread->held_since[thread->held_count] = cpu_timestamp();
    thread->held[thread->held_count++] = mutex;
    preempt_disable();
    lock_count(mutex, mutex->rank, &mutex->last, waited);
    preempt_enable();
}

static void check_releasing(const struct mutex *mutex)
{
    struct thread *thread = current_thread();
    u32 i = 0;

    assert(mutex_is_mine(mutex));
    while (thread->held[i] != mutex)
        i++;
    preempt_disable();
    lock_count_hold(mutex, mutex->rank,
                    cpu_timestamp() - thread->held_since[i]);
    preempt_enable();
    thread->held_count--;
    for (; i < thread->held_count; i++) {
        thread->held[i] = thread->held[i + 1];
        thread->held_since[i] = thread->held_since[i + 1];
    }
}

/* ---- locking ------------------------------------------------------------- */

/* Marks the mutex as waited for. Returns false when it became free and was
 * taken instead. Spinlock held. */
static bool mark_or_take(struct mutex *mutex)
{
    for (;;) {
        u32 owner = atomic_load(&mutex->owner);
        u32 me = owner_word(current_thread());

        if (owner & WAITED_FOR)
            return true;
        if (owner == 0) {
            if (atomic_compare_exchange(&mutex->owner, 0, me))
                return false;
        } else if (atomic_compare_exchange(&mutex->owner, owner,
                                           owner | WAITED_FOR)) {
            return true;
        }
    }
}

static void stand_in_line(struct mutex *mutex, struct waiter *waiter)
{
    wait_queue_enter(&mutex->waiters, waiter);
    lend_begin(mutex, waiter->thread);
}

static void lock_slowly(struct mutex *mutex)
{
    struct waiter waiter;

    spin_lock(&mutex->lock);
    if (mark_or_take(mutex)) {
        stand_in_line(mutex, &waiter);
        waiter_wait(&waiter, 0, UNINTERRUPTIBLE);
    }
    assert(mutex_is_mine(mutex));
    spin_unlock(&mutex->lock);
}

static void lock_ranked(struct mutex *mutex, u32 lowest_allowed)
{
    if (CHECKED)
        check_taking(mutex, lowest_allowed);
    bool waits = !atomic_compare_exchange(&mutex->owner, 0,
                                          owner_word(current_thread()));
    if (waits)
        lock_slowly(mutex);
    if (CHECKED)
        check_taken(mutex, waits);
}

void mutex_lock(struct mutex *mutex)
{
    lock_ranked(mutex, mutex->rank + 1);
}

void mutex_lock_nested(struct mutex *mutex)
{
    lock_ranked(mutex, mutex->rank);
}

/* ---- unlocking ----------------------------------------------------------- */

struct waiter *mutex_next(const struct mutex *mutex)
{
    return wait_queue_first(&mutex->waiters);
}

void mutex_pass(struct mutex *mutex, struct waiter *next)
{
    const struct list *waiters = &mutex->waiters.waiters;
    u32 more = waiters->next != waiters->previous ? WAITED_FOR : 0;
    struct thread *owner = next ? next->thread : NULL;

    lend_pass(mutex, owner, owner_word(owner) | more);
    if (next)
        waiter_wake(next);
}

static void hand_over(struct mutex *mutex)
{
    spin_lock(&mutex->lock);
    mutex_pass(mutex, mutex_next(mutex));
    spin_unlock(&mutex->lock);
}

void mutex_unlock(struct mutex *mutex)
{
    if (CHECKED)
        check_releasing(mutex);
    if (!atomic_compare_exchange(&mutex->owner, owner_word(current_thread()),
                                 0))
        hand_over(mutex);
}

/* ---- for locks of user code ---------------------------------------------- */

void mutex_give(struct mutex *mutex, struct thread *owner)
{
    atomic_store(&mutex->owner, owner_word(owner));
}

void mutex_enter(struct mutex *mutex, struct waiter *waiter)
{
    spin_lock(&mutex->lock);
    atomic_store(&mutex->owner, mutex->owner | WAITED_FOR);
    stand_in_line(mutex, waiter);
    spin_unlock(&mutex->lock);
}

int mutex_wait(struct mutex *mutex, struct waiter *waiter, u64 deadline)
{
    spin_lock(&mutex->lock);
    int result = waiter_wait(waiter, deadline, INTERRUPTIBLE);
    if (result < 0)
        lend_end(waiter->thread);
    spin_unlock(&mutex->lock);
    return result;
}
