/*
 * Ticket spinlocks: first come, first served. Taking one disables interrupts
 * and preemption on this CPU until the last one is released.
 *
 * Nothing may sleep while one is held. CHECKED builds assert the ranks of
 * core/lock_ranks.h, that the holder releases, and that nobody takes twice.
 */
#pragma once

#include "core/atomic.h"
#include "core/lock_ranks.h"
#include "core/percpu.h"

struct spinlock {
    u16 owner; /* the ticket that may enter */
    u16 next;  /* the next ticket to hand out */
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
    u16 ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_ACQUIRE);
    while (unlikely(__atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) != ticket))
        cpu_pause();
    if (CHECKED)
        spinlock_check_taken(lock, cpu);
}

static inline void spin_pass(struct spinlock *lock, struct cpu *cpu)
{
    if (CHECKED)
        spinlock_check_releasing(lock, cpu);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    lock->owner++; /* nobody else writes it */
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
    return __atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) !=
           __atomic_load_n(&lock->next, __ATOMIC_ACQUIRE);
}
