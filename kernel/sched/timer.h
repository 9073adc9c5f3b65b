/*
 * Timers: a function to be called at a time, from the timer interrupt of the
 * CPU that set the timer last. One tree a CPU, ordered by deadline; a tick
 * looks at the first only, so a timer is up to a tick late, and never early.
 */
#pragma once

#include "core/spinlock.h"
#include "lib/tree.h"

struct timer {
    struct tree_node node;
    u64 deadline;                        /* clock_nanoseconds */
    void (*expire)(struct timer *timer); /* interrupts off, no lock held;
                                            may set the timer again */
    struct cpu *cpu; /* whose tree it belongs to; changes under its lock */
    bool set;        /* it is in the tree; under the tree's lock */
};

void timer_initialize(struct timer *timer, void (*expire)(struct timer *timer));

/* Sets it (again); a deadline in the past means the next tick. Any context. */
void timer_set(struct timer *timer, u64 deadline);

/* When it returns, the timer is not set and expire does not run. Not from
 * expire itself. Returns whether it was set. */
bool timer_cancel(struct timer *timer);

/* When this CPU's first timer is due, 0 if it has none. Interrupts off. */
u64 timers_next(const struct cpu *cpu);

/* From the tick: calls what is due. Interrupts off, no lock held. */
void timers_expire(u64 now);

/* Once for each CPU, before its first timer. */
void timers_start(struct cpu *cpu);
