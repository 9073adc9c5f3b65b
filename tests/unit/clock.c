/*
 * The clock finds the pace of the time-stamp counter to 1 MHz, also where the
 * host lets the machine stand still in the middle of it.
 */
#include "unit.h"
#include <stdarg.h>
#include "core/cpu.h"
#include "core/spinlock.h"
#include "x86/pit.h"

#define MEGAHERTZ  2595u
#define READ_NANOS 1100u /* one access to the PIT */

/* The time that both clocks tell, and when it jumps. */
static u64 nanoseconds, stall_at[2], stall;
static u16 latched;

static void pass(u32 span)
{
    nanoseconds += span;
    for (u32 i = 0; i < 2; i++)
        if (stall_at[i] != 0 && nanoseconds >= stall_at[i]) {
            nanoseconds += stall;
            stall_at[i] = 0;
        }
}

static u64 cpu_timestamp(void)
{
    pass(20);
    return nanoseconds * MEGAHERTZ / 1000;
}

static void cpu_pause(void)
{
    pass(20);
}

void printk(const char *format, ...)
{
    (void)format;
}

void pit_count_start(void)
{
}

void pit_count_latch(void)
{
    pass(READ_NANOS);
    latched = (u16)(0xffff - nanoseconds * PIT_HERTZ / 1000000000);
}

u16 pit_count_read(void)
{
    pass(2 * READ_NANOS);
    return latched;
}

#include "kernel/lib/divide.c"
#include "kernel/x86/clock.c"

static u32 measured(u64 first_stall, u64 second_stall, u64 length)
{
    nanoseconds = 0;
    stall_at[0] = first_stall;
    stall_at[1] = second_stall;
    stall = length;
    return counter_megahertz();
}

static bool is_right(u32 megahertz)
{
    return megahertz >= MEGAHERTZ - 10 && megahertz <= MEGAHERTZ + 10;
}

static void undisturbed(void)
{
    check(is_right(measured(0, 0, 0)));
}

/* At every moment of the measurement: 60 ms, a whole round, many rounds. */
static void stands_still(void)
{
    static const u64 lengths[] = {60000000, 54925401, 700000000};

    for (u32 i = 0; i < array_count(lengths); i++)
        for (u64 at = 1000; at < 2400000; at += 7919) {
            check(is_right(measured(at, 0, lengths[i])));
            check(is_right(measured(at, at + 2300000, lengths[i])));
        }
}

UNIT_TESTS(UNIT_TEST(undisturbed), UNIT_TEST(stands_still))
