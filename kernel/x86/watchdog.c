/*
 * Times are milliseconds of 2^20 ns, modulo 2^32: one word, so that another
 * CPU can read it.
 */
#include "x86/watchdog.h"

#include "core/boot_info.h"
#include "core/lock_statistics.h"
#include "core/panic.h"
#include "core/printk.h"
#include "lib/divide.h"
#include "x86/clock.h"
#include "x86/locate.h"
#include "x86/trap.h"

#define LIMIT_DEFAULT 2000u

static struct {
    volatile u32 ticked;      /* its own CPU's: when, */
    volatile bool is_awaited; /* and whether another tick must come */
    u32 reported;             /* its neighbour's: the `ticked` that was told */
} watches[CPU_MAX];
static u32 limit;

static u32 now(void)
{
    return (u32)(clock_nanoseconds() >> 20);
}

static void look_back(const struct trap_frame *frame, u32 here, u32 time)
{
    if (!watches[here].is_awaited || time - watches[here].ticked <= limit)
        return;
    printk("watchdog: cpu %u had interrupts off for %u ms, until here:\n", here,
           time - watches[here].ticked);
    if (trap_from_user(frame))
        printk("  user code at %08x\n", frame->eip);
    else
        backtrace_print(frame->eip, frame->ebp);
}

static void look_after(u32 other, u32 time)
{
    u32 ticked = watches[other].ticked;

    if (!watches[other].is_awaited || watches[other].reported == ticked ||
        (s32)(time - ticked) <= (s32)limit)
        return;
    watches[other].reported = ticked;
    printk("watchdog: cpu %u has had interrupts off for %u ms:\n", other,
           time - ticked);
    locate_print(&cpus[other]);
}

void watchdog_tick(const struct trap_frame *frame)
{
    u32 here = this_cpu()->index, next = (here + 1) % cpu_count;
    u32 time = now();

    look_back(frame, here, time);
    watches[here].ticked = time;
    watches[here].is_awaited = true;
    if (next != here)
        look_after(next, time);
}

void watchdog_pause(void)
{
    watches[this_cpu()->index].is_awaited = false;
}

void watchdog_start(void)
{
    limit = boot_option_u32("watchdog", LIMIT_DEFAULT, 1, 3600000);
    u64 microseconds = divide_u64(clock_span(1u << 30), 1000, NULL);
    lock_hold_limit =
        divide_u64((u64)limit * 1000 << 30, (u32)microseconds, NULL);
}
