/*
 * The rare ways to take a spinlock, and what CHECKED builds assert each time.
 *
 * cpu->held_rank is the rank of the newest lock that this CPU holds; each
 * lock remembers the rank before it. Locks are mostly released in the reverse
 * order. Where they are not, the older lock's release changes nothing, and
 * the count is right again at the latest when the last lock is released.
 */
#include "core/spinlock.h"
#include "core/panic.h"

void spinlock_check_taking(struct spinlock *lock, struct cpu *cpu)
{
    if (lock->holder == cpu->index + 1)
        panic("spinlock of rank %u is taken twice", lock->rank);
    if (cpu->held_rank != RANK_NONE && lock->rank >= cpu->held_rank)
        panic("spinlock of rank %u is taken while %u is held", lock->rank,
              cpu->held_rank);
}

void spinlock_check_taken(struct spinlock *lock, struct cpu *cpu)
{
    lock->holder = cpu->index + 1;
    lock->outer = cpu->held_rank;
    cpu->held_rank = lock->rank;
}

void spinlock_check_releasing(struct spinlock *lock, struct cpu *cpu)
{
    if (lock->holder != cpu->index + 1)
        panic("spinlock of rank %u is released by who does not hold it",
              lock->rank);
    lock->holder = 0;
    if (cpu->spin_depth == 1)
        cpu->held_rank = RANK_NONE;
    else if (cpu->held_rank == lock->rank)
        cpu->held_rank = lock->outer;
}

/* In the order of their addresses, so that nobody takes them the other way. */
void spin_lock_pair(struct spinlock *one, struct spinlock *other)
{
    struct spinlock *first = one < other ? one : other;

    spin_lock(first);
    if (one == other)
        return;
    if (CHECKED) /* as if the first were not held */
        this_cpu()->held_rank = first->outer;
    spin_lock(first == one ? other : one);
}

void spin_unlock_pair(struct spinlock *one, struct spinlock *other)
{
    spin_unlock(one);
    if (other != one)
        spin_unlock(other);
}

/* Who does not wait cannot be part of a deadlock: any rank is right here. */
bool spin_try_lock(struct spinlock *lock)
{
    bool enabled = cpu_interrupts_save();
    struct cpu *cpu = this_cpu();
    if (__atomic_exchange_n(&lock->taken, true, __ATOMIC_ACQUIRE)) {
        cpu_interrupts_restore(enabled);
        return false;
    }
    cpu->spin_depth++;
    cpu->spin_restores |= enabled;
    if (CHECKED)
        spinlock_check_taken(lock, cpu);
    return true;
}
