/*
 * What a process is told of its time: interval timers, in nanoseconds, and
 * the limit on CPU time.
 */
#pragma once

#include "proc/process.h"

/* Of ITIMER_*: time left (0: off) and interval (0: once). */
void interval_timer_get(struct process *process, u32 which, u64 *left,
                        u64 *interval);
/* left 0 turns it off. ITIMER_REAL: of the current process. */
void interval_timer_set(struct process *process, u32 which, u64 left,
                        u64 interval);

/* RLIMIT_CPU has been set or inherited by a process that has used so many
 * ticks. Table's lock held, or nobody else knows the process. */
void cpu_limit_start(struct process *process, u64 used);
