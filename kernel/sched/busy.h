/*
 * How busy the CPUs are: for /proc, which shows it, and for load averages.
 *
 * How long a CPU was idle is exact. How many are busy at once is a sample,
 * taken each millisecond: a CPU's first tick comes a millisecond after it
 * wakes, so who runs for less is not seen.
 */
#pragma once

#include "sched/scheduler.h"

/* Threads that run or are ready, without idle ones. */
u32 busy_thread_count(void);

/* Nanoseconds that a CPU has been idle. */
u64 busy_idle_time(struct run_queue *queue);
/* Sums over all CPUs: ticks, nanoseconds. */
void busy_times(u64 *busy, u64 *idle);

/* Samples, by the CPUs that halted: a bit each. */
extern u64 busy_samples[1 << CPU_MAX];

/* From the tick of a busy CPU, where there are several: of all of them the
 * lowest-numbered takes the sample, so that a millisecond is one, and no two
 * CPUs write one cache line but by chance. */
static inline void busy_count(const struct run_queue *queue, u32 idle)
{
    if ((~idle & (queue->affinity - 1)) == 0)
        busy_samples[idle]++;
}

/* Samples that met exactly `busy` CPUs at work, at least 1. */
u64 busy_ticks_of(u32 busy);
