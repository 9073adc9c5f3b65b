/*
 * Spinlocks. Taking one disables interrupts and preemption on this CPU until
 * the last one is released.
 *
 * Whoever comes when the lock is free takes it; tickets would be fairer, but
 * must go to the CPU whose turn it is. Where a host runs more CPUs than it
 * has, that one often stands still, and all others spin until its turn comes
 * on the host too: with four CPUs on two, what takes 20 s took over 100.
 *
 * Nothing may sleep while one is held. CHECKED builds assert the ranks of
 * core/lock_ranks.h, that the holder releases, and that nobody takes twice.
 */
#pragma once

#include "core/atomic.h"
#include "core/lock_ranks.h"
#include "core/percpu.h"

struct spinlock {
    bool taken;
    u16 rank;
    u16 holder; /* CHECKED: 1 + index of the CPU that holds it, else 0 */
    u16 outer;  /* CHECKED: rank held before this one */
};

#define SPINLOCK_INITIALIZER(lock_rank)                                        \
    {                                                                          \
        .rank = (lock_rank)                                                    \
    }

static inline void spinlock_initialize(struct spinlock *lock,
                                       enum lock_rank rank)
{
    *lock = (struct spinlock)SPINLOCK_INITIALIZER(rank);
}

/* CHECKED builds only; core/spinlock.c. They panic on a broken rule. */
void spinlock_check_taking(struct spinlock *lock, struct cpu *cpu);
void spinlock_check_taken(struct spinlock *lock, struct cpu *cpu);
void spinlock_check_releasing(struct spinlock *lock, struct cpu *cpu);

static inline void spin_take(struct spinlock *lock, struct cpu *cpu)
{
    if (CHECKED)
        spinlock_check_taking(lock, cpu);
    while (unlikely(__atomic_exchange_n(&lock->taken, true, __ATOMIC_ACQUIRE)))
        while (__atomic_load_n(&lock->taken, __ATOMIC_RELAXED))
            cpu_pause();
    if (CHECKED)
        spinlock_check_taken(lock, cpu);
}

static inline void spin_pass(struct spinlock *lock, struct cpu *cpu)
{
    if (CHECKED)
        spinlock_check_releasing(lock, cpu);
    __atomic_store_n(&lock->taken, false, __ATOMIC_RELEASE);
}

static inline void spin_lock(struct spinlock *lock)
{
    bool enabled = cpu_interrupts_save();
    struct cpu *cpu = this_cpu();
    cpu->spin_depth++;
    cpu->spin_restores |= enabled; /* only the first can find them on */
    spin_take(lock, cpu);
}

static inline void spin_unlock(struct spinlock *lock)
{
    struct cpu *cpu = this_cpu();
    spin_pass(lock, cpu);
    if (--cpu->spin_depth != 0 || !cpu->spin_restores)
        return;
    cpu->spin_restores = false;
    preemption_restore(cpu);
}

/* As spin_lock and spin_unlock, for who has interrupts off and keeps them
 * off: the scheduler. */
static inline void spin_enter(struct spinlock *lock)
{
    struct cpu *cpu = this_cpu();
    cpu->spin_depth++;
    spin_take(lock, cpu);
}

static inline void spin_leave(struct spinlock *lock)
{
    struct cpu *cpu = this_cpu();
    spin_pass(lock, cpu);
    cpu->spin_depth--;
}

/* Two locks of one rank, or the same one twice. */
void spin_lock_pair(struct spinlock *one, struct spinlock *other);
void spin_unlock_pair(struct spinlock *one, struct spinlock *other);

/* Takes the lock if it is free; returns whether it did. */
bool spin_try_lock(struct spinlock *lock);

static inline bool spin_is_locked(const struct spinlock *lock)
{
    return __atomic_load_n(&lock->taken, __ATOMIC_RELAXED);
}
