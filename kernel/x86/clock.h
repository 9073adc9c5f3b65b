/*
 * Time, by the time-stamp counter.
 *
 * The counter's pace is measured once against the PIT, which takes 2 ms of
 * guest time; reading the clock is then a multiplication and a shift.
 */
#pragma once

#include "lib/divide.h"

#define TICKS_PER_SECOND     1000u
#define NANOSECONDS_PER_TICK 1000000u

/* Hundredths of a second, in which times(2) and /proc count */
static inline u32 clock_hundredths(u64 nanoseconds)
{
    return (u32)divide_u64(nanoseconds, 10 * NANOSECONDS_PER_TICK, NULL);
}

static inline u32 user_ticks(u64 ticks)
{
    return (u32)divide_u64(ticks, 10, NULL);
}

void clock_start(void);

/* Counts of cpu_timestamp() from tick to tick. After clock_start. */
extern u32 clock_tick_counts;

/* Since boot; never goes back on one CPU. Any context. */
u64 clock_nanoseconds(void);

/* Nanoseconds in so many counts of cpu_timestamp(). After clock_start. */
u64 clock_span(u64 counts);

/* Seconds since 1970 at boot, as the wall clock now has it. */
u32 clock_boot_time(void);

/* Nanoseconds since 1970, and setting them. */
u64 clock_real_nanoseconds(void);
void clock_set_real_nanoseconds(u64 nanoseconds);

/* Microseconds of busy waiting, for device drivers' resets only. */
void clock_delay(u32 microseconds);
