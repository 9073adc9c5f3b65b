/*
 * Spinlocks on the host: nobody else runs, so a lock that is taken twice, or
 * out of rank, or released by nobody is the kernel's mistake.
 */
#pragma once

#include "core/lock_ranks.h"
#include "core/panic.h"
#include "core/percpu.h"

struct spinlock {
    u32 rank;
    bool held;
    u32 outer;
};

#define SPINLOCK_INITIALIZER(lock_rank)                                        \
    {                                                                          \
        .rank = (lock_rank)                                                    \
    }

static u32 fake_held_rank;

static inline void spin_lock(struct spinlock *lock)
{
    assert(!lock->held);
    assert(fake_held_rank == RANK_NONE || lock->rank < fake_held_rank);
    lock->held = true;
    lock->outer = fake_held_rank;
    fake_held_rank = lock->rank;
}

static inline void spin_unlock(struct spinlock *lock)
{
    assert(lock->held);
    lock->held = false;
    fake_held_rank = lock->outer;
}

/* Free, unless the test has taken it. */
static inline bool spin_try_lock(struct spinlock *lock)
{
    if (lock->held)
        return false;
    lock->held = true;
    lock->outer = fake_held_rank;
    fake_held_rank = lock->rank;
    return true;
}
