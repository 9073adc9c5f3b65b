/*
 * The rare ways to take a spinlock.
 */
#include "core/spinlock.h"

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
    if (atomic_test_and_set(&lock->taken)) {
        cpu_interrupts_restore(enabled);
        return false;
    }
    cpu->spin_depth++;
    cpu->spin_restores |= enabled;
    if (CHECKED)
        spinlock_check_taken(lock, cpu, false);
    return true;
}
