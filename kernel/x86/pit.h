/*
 * The programmable interval timer: its third channel as a count of known rate,
 * for the clock's calibration, and its first as a slow beat. As a source of
 * ticks: x86/tick.h.
 */
#pragma once

#include "lib/types.h"

#define PIT_HERTZ 1193182u

/* Starts the count; it runs down from 0xffff, round and round. */
void pit_count_start(void);
/* Holds the count as it is now, for the next read. */
void pit_count_latch(void);
u16 pit_count_read(void);

/* Where the ticks are not its own: line 0 interrupts 18 times a second. */
void pit_repeat_slowly(void);
