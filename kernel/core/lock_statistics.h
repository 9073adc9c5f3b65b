/*
 * What locks cost, counted in CHECKED builds: how often one was taken, how
 * often by another CPU than the last time (a transfer: the cache line had to
 * come over), how often somebody had to wait, and how long it was held.
 *
 * Counted for each lock, and together for all spinlocks and mutexes of a rank,
 * since a pipe's or an inode's come and go: a lock is known by its address and
 * rank, and goes on where a former one of those left off. Each CPU counts for
 * itself, so that counting causes no transfers of its own.
 */
#pragma once

#include "core/lock_ranks.h"
#include "lib/types.h"

struct lock_figures {
    u64 taken, transferred, contended;
    u64 longest_hold; /* counts of cpu_timestamp() */
};

/* A spinlock held for more counts than this is reported with a backtrace when
 * that ends; 0: none is. The log's own locks are never held too long: they wait
 * for a device. Nor are mutexes: who holds one may have to wait for its turn.
 */
extern u64 lock_hold_limit;

/* For the locks' own code, preemption off. `last` is 1 + the index of the CPU
 * that took this lock last, 0 at first, and is brought up to date. */
void lock_count(const void *lock, u32 rank, u8 *last, bool waited);
/* Whether it is the longest of its rank so far */
bool lock_count_hold(const void *lock, u32 rank, u64 counts);

/* Name and sums over all CPUs; NULL when there is no lock of this rank. */
const char *lock_figures_of(u32 rank, struct lock_figures *sum);
/* The same of each lock of a rank, one a call: its address, or NULL after the
 * last. `position` begins at 0. Locks that found no room are in the rank's sums
 * only. */
const void *lock_figures_next(u32 rank, u32 *position,
                              struct lock_figures *sum);
