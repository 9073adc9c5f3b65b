/*
 * The real interval timer of a process, in nanoseconds.
 */
#pragma once

#include "proc/process.h"

/* Time left (0: off) and interval (0: once). */
void real_timer_get(struct process *process, u64 *left, u64 *interval);
/* Of the current process; left 0 turns it off. */
void real_timer_set(struct process *process, u64 left, u64 interval);
