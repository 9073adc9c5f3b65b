/*
 * A CPU whose ticks are paused has asked for one interrupt. It may come early,
 * since no source can wait for ever: then the CPU asks anew.
 */
#include "x86/tick.h"

#include "core/percpu.h"
#include "lib/divide.h"
#include "x86/local_apic.h"
#include "x86/locate.h"
#include "x86/upcalls.h"
#include "x86/watchdog.h"

static const struct tick_source *chosen;
static bool paused[CPU_MAX]; /* its own CPU's, interrupts off */

void tick_start_cpu(void)
{
    bool enabled = cpu_interrupts_save();
    chosen->repeat();
    cpu_interrupts_restore(enabled);
}

void tick_start(void)
{
    chosen = local_apic_tick_source();
    if (CHECKED)
        watchdog_start(chosen != NULL);
    if (chosen == NULL)
        chosen = pit_tick_source();
    locate_start();
    tick_start_cpu();
}

/* An emulator that runs one CPU at a time (QEMU with -icount) stays with it
 * until the next timer is due, anybody's, and then begins with the first CPU
 * again: the others would starve. But at a `pause` it goes on to the next. So
 * all CPUs but one pause in their ticks, each time another one, and as often as
 * timers are due until their next tick. To a CPU that is alone with itself a
 * pause is nothing. */
static void let_others_run(void)
{
    for (u32 i = 0; i < cpu_count; i++)
        if ((u32)(cpu_timestamp() >> 20) % cpu_count != this_cpu()->index)
            cpu_pause();
}

void tick_arrived(const struct trap_frame *frame)
{
    if (cpu_count > 1)
        let_others_run();
    if (CHECKED)
        watchdog_tick(frame);
    on_timer_tick(trap_from_user(frame));
}

void tick_pause(u64 deadline)
{
    u32 ticks = chosen->ticks_max;
    u64 now = clock_nanoseconds();

    if (deadline != 0 && deadline < now + (u64)ticks * NANOSECONDS_PER_TICK) {
        u64 left = deadline > now ? deadline - now : 0;
        ticks = (u32)divide_u64(left, NANOSECONDS_PER_TICK, NULL) + 1;
    }
    if (ticks == 1 && !paused[this_cpu()->index])
        return;
    paused[this_cpu()->index] = true;
    if (CHECKED)
        watchdog_pause();
    chosen->once(ticks);
}

void tick_resume(void)
{
    bool *here = &paused[this_cpu()->index];
    if (!*here)
        return;
    *here = false;
    if (CHECKED)
        watchdog_resume();
    chosen->repeat();
}
