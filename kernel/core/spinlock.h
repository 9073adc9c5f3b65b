/*
 * Spinlocks. Taking one disables interrupts and preemption on this CPU until
 * the last one is released.
 *
 * Whoever comes when the lock is free takes it; tickets would be fairer, but
 * must go to the CPU whose turn it is. Where a host runs more CPUs than it
 * has, that one often stands still, and all others spin until its turn comes
 * on the host too: with four CPUs on two, what takes 20 s took over 100.
 *
 * Nothing may sleep while one is held. CHECKED builds count, and assert the
 * ranks of core/lock_ranks.h, who releases, and that nobody takes twice.
 */
#pragma once

#include "core/atomic.h"
#include "core/lock_ranks.h"
#include "core/percpu.h"

struct spinlock {
    volatile bool taken;
    u8 rank;
    u8 holder; /* CHECKED: 1 + index of the CPU that holds it, else 0, */
    u8 last;   /* 1 + index of the one that took it last, */
    u8 outer;  /* rank held before this one */
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

/* CHECKED builds only; core/lock_check.c. They panic on a broken rule. */
void spinlock_check_taking(struct spinlock *lock, struct cpu *cpu);
void spinlock_check_taken(struct spinlock *lock, struct cpu *cpu, bool waited);
void spinlock_check_releasing(struct spinlock *lock, struct cpu *cpu);

static inline void spin_take(struct spinlock *lock, struct cpu *cpu)
{
    bool waited = false;
    if (CHECKED)
        spinlock_check_taking(lock, cpu);
    for (; unlikely(atomic_test_and_set(&lock->taken)); waited = true)
        while (lock->taken)
            cpu_pause();
    if (CHECKED)
        spinlock_check_taken(lock, cpu, waited);
}

static inline void spin_pass(struct spinlock *lock, struct cpu *cpu)
{
    if (CHECKED)
        spinlock_check_releasing(lock, cpu);
    atomic_clear(&lock->taken);
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

/* The same for the scheduler, which has interrupts off and keeps them off. */
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
    return lock->taken;
}
