/*
 * What CHECKED builds assert and count each time a lock is taken.
 *
 * cpu->held_rank is the rank of the newest spinlock that this CPU holds; each
 * lock remembers the rank before it. Locks are mostly released in the reverse
 * order. Where they are not, the older lock's release changes nothing, and
 * the count is right again at the latest when the last lock is released.
 *
 * Counters stand by CPU, and there by rank and in a hash table by lock. Each is
 * written by its own CPU only, with preemption off; who adds them up may see
 * one a moment late.
 */
#include "core/lock_statistics.h"
#include "core/panic.h"
#include "core/printk.h"
#include "core/spinlock.h"

#define LOCK_RANK_NAME(name, floor, order) [RANK_##name] = #name,

static const char *const names[RANK_END] = {LOCK_RANKS(LOCK_RANK_NAME)};
static struct lock_figures figures[CPU_MAX][RANK_END];

#define LOCKS_MAX (1u << 10) /* that each CPU counts one by one */
#define TRIES     8u         /* places in the table where a lock may stand */

struct counted_lock {
    const void *lock; /* NULL: free; written after the rank, never changed */
    u32 rank;
    struct lock_figures figures;
};

static struct counted_lock counted[CPU_MAX][LOCKS_MAX];

u64 lock_hold_limit;

/* Takes a free place, which an interrupt may have done just before. */
static void place_take(struct counted_lock *place, const void *lock, u32 rank)
{
    bool enabled = cpu_interrupts_save();

    if (!place->lock) {
        place->rank = rank;
        __atomic_store_n(&place->lock, lock, __ATOMIC_RELEASE);
    }
    cpu_interrupts_restore(enabled);
}

/* Where a CPU counts this lock; NULL if it has no room for it, or, if it is
 * only looked for, does not. */
static struct counted_lock *counted_find(u32 cpu, const void *lock, u32 rank,
                                         bool enters)
{
    u32 hash = ((u32)(uintptr_t)lock >> 2) * 2654435761u;

    for (u32 i = 0; i < TRIES; i++) {
        struct counted_lock *place =
            &counted[cpu][((hash >> 22) + i) % LOCKS_MAX];
        if (!place->lock && enters)
            place_take(place, lock, rank);
        if (place->lock == lock && place->rank == rank)
            return place;
    }
    return NULL;
}

static void count(struct lock_figures *mine, bool transferred, bool waited)
{
    mine->taken++;
    mine->transferred += transferred;
    mine->contended += waited;
}

void lock_count(const void *lock, u32 rank, u8 *last, bool waited)
{
    u32 here = this_cpu()->index;
    bool transferred = *last != 0 && *last != here + 1;
    struct counted_lock *one = counted_find(here, lock, rank, true);

    count(&figures[here][rank], transferred, waited);
    if (one)
        count(&one->figures, transferred, waited);
    *last = (u8)(here + 1);
}

bool lock_count_hold(const void *lock, u32 rank, u64 counts)
{
    u32 here = this_cpu()->index;
    struct lock_figures *mine = &figures[here][rank];
    struct counted_lock *one = counted_find(here, lock, rank, false);

    if (one)
        one->figures.longest_hold = max(one->figures.longest_hold, counts);
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

static void add(struct lock_figures *sum, const struct lock_figures *one)
{
    sum->taken += one->taken;
    sum->transferred += one->transferred;
    sum->contended += one->contended;
    sum->longest_hold = max(sum->longest_hold, one->longest_hold);
}

const char *lock_figures_of(u32 rank, struct lock_figures *sum)
{
    *sum = (struct lock_figures){0};
    for (u32 cpu = 0; cpu < cpu_count; cpu++)
        add(sum, &figures[cpu][rank]);
    return names[rank];
}

const void *lock_figures_next(u32 rank, u32 *position, struct lock_figures *sum)
{
    while (*position < cpu_count * LOCKS_MAX) {
        u32 first = *position / LOCKS_MAX;
        const struct counted_lock *place =
            &counted[first][(*position)++ % LOCKS_MAX];
        bool seen = !place->lock || place->rank != rank;

        for (u32 cpu = 0; cpu < first && !seen; cpu++)
            seen = counted_find(cpu, place->lock, rank, false);
        if (seen)
            continue;
        *sum = (struct lock_figures){0};
        for (u32 cpu = first; cpu < cpu_count; cpu++) {
            const struct counted_lock *one =
                counted_find(cpu, place->lock, rank, false);
            if (one)
                add(sum, &one->figures);
        }
        return place->lock;
    }
    return NULL;
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
    lock_count(lock, lock->rank, &lock->last, waited);
    *spin_since(cpu, lock->rank) = cpu_timestamp();
}

void spinlock_check_releasing(struct spinlock *lock, struct cpu *cpu)
{
    if (lock->holder != cpu->index + 1)
        panic("spinlock of rank %u is released by who does not hold it",
              lock->rank);
    u64 held = cpu_timestamp() - *spin_since(cpu, lock->rank);
    if (lock_count_hold(lock, lock->rank, held) && lock_hold_limit != 0 &&
        held > lock_hold_limit && lock->rank >= RANK_FRAME)
        report(lock->rank, held);
    lock->holder = 0;
    if (cpu->spin_depth == 1)
        cpu->held_rank = RANK_NONE;
    else if (cpu->held_rank == lock->rank)
        cpu->held_rank = lock->outer;
}
