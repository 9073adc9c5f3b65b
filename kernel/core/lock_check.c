/*
 * What CHECKED builds assert and count each time a lock is taken.
 *
 * cpu->held_rank is the rank of the newest spinlock that this CPU holds; each
 * lock remembers the rank before it. Locks are mostly released in the reverse
 * order. Where they are not, the older lock's release changes nothing, and
 * the count is right again at the latest when the last lock is released.
 *
 * Counters stand by CPU and rank. Each is written by its own CPU only, with
 * preemption off; who adds them up may see one a moment late.
 */
#include "core/lock_statistics.h"
#include "core/panic.h"
#include "core/printk.h"
#include "core/spinlock.h"

#define LOCK_RANK_NAME(name, floor, order) [RANK_##name] = #name,

static const char *const names[RANK_END] = {LOCK_RANKS(LOCK_RANK_NAME)};
static struct lock_figures figures[CPU_MAX][RANK_END];

u64 lock_hold_limit;

void lock_count(u32 rank, u8 *last, bool waited)
{
    u32 here = this_cpu()->index;
    struct lock_figures *mine = &figures[here][rank];

    mine->taken++;
    mine->transferred += *last != 0 && *last != here + 1;
    mine->contended += waited;
    *last = (u8)(here + 1);
}

bool lock_count_hold(u32 rank, u64 counts)
{
    struct lock_figures *mine = &figures[this_cpu()->index][rank];

    if (likely(counts <= mine->longest_hold))
        return false;
    mine->longest_hold = counts;
    return true;
}

static slow_path void report(u32 rank, u64 counts)
{
    printk("watchdog: cpu %u: a spinlock of rank %s was held for %llu cycles\n",
           this_cpu()->index, names[rank], counts);
    backtrace_print(0, cpu_frame_pointer());
}

const char *lock_figures_of(u32 rank, struct lock_figures *sum)
{
    *sum = (struct lock_figures){0};
    for (u32 cpu = 0; cpu < cpu_count; cpu++) {
        const struct lock_figures *one = &figures[cpu][rank];

        sum->taken += one->taken;
        sum->transferred += one->transferred;
        sum->contended += one->contended;
        sum->longest_hold = max(sum->longest_hold, one->longest_hold);
    }
    return names[rank];
}

/* ---- spinlocks ----------------------------------------------------------- */

/* When the CPU took the lock of this rank that it holds. Of a pair, which it
 * takes and releases together, the second. */
static u64 *spin_since(const struct cpu *cpu, u32 rank)
{
    static u64 since[CPU_MAX][RANK_END];

    return &since[cpu->index][rank];
}

void spinlock_check_taking(struct spinlock *lock, struct cpu *cpu)
{
    if (lock->holder == cpu->index + 1)
        panic("spinlock of rank %u is taken twice", lock->rank);
    if (cpu->held_rank != RANK_NONE && lock->rank >= cpu->held_rank)
        panic("spinlock of rank %u is taken while %u is held", lock->rank,
              cpu->held_rank);
}

void spinlock_check_taken(struct spinlock *lock, struct cpu *cpu, bool waited)
{
    lock->holder = cpu->index + 1;
    lock->outer = cpu->held_rank;
    cpu->held_rank = lock->rank;
    lock_count(lock->rank, &lock->last, waited);
    *spin_since(cpu, lock->rank) = cpu_timestamp();
}

void spinlock_check_releasing(struct spinlock *lock, struct cpu *cpu)
{
    if (lock->holder != cpu->index + 1)
        panic("spinlock of rank %u is released by who does not hold it",
              lock->rank);
    u64 held = cpu_timestamp() - *spin_since(cpu, lock->rank);
    if (lock_count_hold(lock->rank, held) && lock_hold_limit != 0 &&
        held > lock_hold_limit && lock->rank >= RANK_FRAME)
        report(lock->rank, held);
    lock->holder = 0;
    if (cpu->spin_depth == 1)
        cpu->held_rank = RANK_NONE;
    else if (cpu->held_rank == lock->rank)
        cpu->held_rank = lock->outer;
}
