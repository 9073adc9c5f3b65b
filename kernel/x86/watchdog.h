/*
 * The watchdog of CHECKED builds: reports who keeps interrupts off, or holds a
 * spinlock, which is the same, for too long (`watchdog=MS`, 2000).
 *
 * Each CPU looks after the next one while its own ticks arrive: one that is
 * stuck for good is asked by NMI where it is. One that comes back late reports
 * itself, from where interrupts came back on; so does a lock when it is
 * released (core/lock_statistics.h).
 */
#pragma once

struct trap_frame;

void watchdog_start(void);

/* Interrupts off. The tick; and that this CPU awaits none from now on. */
void watchdog_tick(const struct trap_frame *frame);
void watchdog_pause(void);
