/*
 * The watchdog of CHECKED builds: reports who keeps interrupts off, or holds a
 * spinlock, which is the same, for too long (`watchdog=MS`, 2000).
 *
 * Every 55 ms the PIT interrupts the boot CPU by an NMI, which gets through
 * even where interrupts are off: there it looks whether each CPU has ticked,
 * and prints where a stuck one is. One that comes back late also reports
 * itself, from where interrupts came back on; so does a lock when it is
 * released (core/lock_statistics.h). A machine without an I/O APIC has only
 * the reports of who comes back.
 */
#pragma once

#include "lib/types.h"

struct trap_frame;

/* It beats only where the PIT is not the source of the ticks. */
void watchdog_start(bool pit_is_free);
/* For good: in a panic nobody ticks. */
void watchdog_stop(void);

/* Interrupts off. The tick; and that this CPU awaits none, or the next one,
 * from now on. */
void watchdog_tick(const struct trap_frame *frame);
void watchdog_pause(void);
void watchdog_resume(void);

/* An NMI, the watchdog's or not. */
void watchdog_beat(const struct trap_frame *frame);
