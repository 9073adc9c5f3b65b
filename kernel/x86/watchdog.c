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
#include "x86/pit.h"
#include "x86/topology.h"
#include "x86/trap.h"

#define LIMIT_DEFAULT 2000u

static struct {
    volatile u32 ticked;      /* its own CPU's: when, */
    volatile bool is_awaited; /* and whether another tick must come */
    u32 reported;             /* the boot CPU's: the `ticked` that was told */
} watches[CPU_MAX];
static u32 limit = UINT32_MAX;

static u32 now(void)
{
    return (u32)(clock_nanoseconds() >> 20);
}

static void place_print(const struct trap_frame *frame)
{
    if (trap_from_user(frame))
        printk("  user code at %08x\n", frame->eip);
    else
        backtrace_print(frame->eip, frame->ebp);
}

static void look_back(const struct trap_frame *frame, u32 here, u32 time)
{
    if (!watches[here].is_awaited || time - watches[here].ticked <= limit)
        return;
    printk("watchdog: cpu %u had interrupts off for %u ms, until here:\n", here,
           time - watches[here].ticked);
    place_print(frame);
}

void watchdog_tick(const struct trap_frame *frame)
{
    look_back(frame, this_cpu()->index, now());
    watchdog_resume();
}

void watchdog_pause(void)
{
    watches[this_cpu()->index].is_awaited = false;
}

void watchdog_resume(void)
{
    u32 here = this_cpu()->index;

    watches[here].ticked = now();
    watches[here].is_awaited = true;
}

/* A tick that comes after the look at the clock seems to be in the future. */
static void look_after(u32 index, const struct trap_frame *frame, u32 time)
{
    if (!watches[index].is_awaited)
        return;
    u32 ticked = watches[index].ticked; /* read second, as it is set first */
    if (watches[index].reported == ticked || (s32)(time - ticked) < 0 ||
        time - ticked <= limit)
        return;
    watches[index].reported = ticked;
    printk("watchdog: cpu %u has had interrupts off for %u ms:\n", index,
           time - ticked);
    if (index == this_cpu()->index)
        place_print(frame);
    else
        locate_print(&cpus[index]);
}

/* Who holds the log's lock here cannot print; the next beat can. */
void watchdog_beat(const struct trap_frame *frame)
{
    u32 time = now();

    if (this_cpu()->index != 0 || this_cpu()->held_rank == RANK_PRINTK)
        return;
    for (u32 index = 0; index < cpu_count; index++)
        look_after(index, frame, time);
}

void watchdog_stop(void)
{
    limit = UINT32_MAX;
}

void watchdog_start(bool pit_is_free)
{
    limit = boot_option_u32("watchdog", LIMIT_DEFAULT, 1, 3600000);
    u64 microseconds = divide_u64(clock_span(1u << 30), 1000, NULL);
    lock_hold_limit =
        divide_u64((u64)limit * 1000 << 30, (u32)microseconds, NULL);
    if (pit_is_free) {
        topology.pins[0].nmi = true;
        interrupt_register(0, watchdog_beat);
        pit_repeat_slowly();
    }
}
