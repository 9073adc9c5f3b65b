/*
 * The interval timers of a process, and its limit on CPU time.
 *
 * ITIMER_REAL goes by the clock. The others count the ticks that are charged
 * to any of the tasks: ITIMER_VIRTUAL those in user code, ITIMER_PROF all,
 * and so does RLIMIT_CPU, which from the soft limit on warns once a second,
 * and kills at the hard one. A tick tells only who has set one of these.
 */
#include "proc/itimer.h"

#include "lib/divide.h"
#include "sched/upcalls.h"
#include "x86/clock.h"
#include <asm/signal.h>
#include <linux/time.h>

_Static_assert(ITIMER_VIRTUAL - 1 == TICK_TIMER_VIRTUAL &&
                   ITIMER_PROF - 1 == TICK_TIMER_PROFILE,
               "after the real one");

/* ---- real time ----------------------------------------------------------- */

/* From the timer interrupt. */
void real_timer_expire(struct timer *timer)
{
    struct process *process =
        container_of(timer, struct process, real_timer.timer);
    u64 interval, due;

    spin_lock(&process->signals.lock);
    interval = process->real_timer.interval;
    due = process->real_timer.due;
    if (due != 0 && interval != 0)
        due = clock_nanoseconds() + max(interval, NANOSECONDS_PER_TICK);
    else
        interval = 0;
    process->real_timer.due = interval != 0 ? due : 0;
    if (interval != 0)
        timer_set(timer, due);
    spin_unlock(&process->signals.lock);
    if (due != 0)
        signal_send_process(process, SIGALRM);
}

static void real_timer_get(struct process *process, u64 *left, u64 *interval)
{
    u64 now = clock_nanoseconds();

    spin_lock(&process->signals.lock);
    u64 due = process->real_timer.due;
    *interval = process->real_timer.interval;
    spin_unlock(&process->signals.lock);
    *left = due == 0 ? 0 : due > now ? due - now : 1;
}

static void real_timer_set(struct process *process, u64 left, u64 interval)
{
    struct timer *timer = &process->real_timer.timer;

    spin_lock(&process->signals.lock);
    process->real_timer.due = 0;
    process->real_timer.interval = 0;
    spin_unlock(&process->signals.lock);
    (void)timer_cancel(timer);
    if (left == 0)
        return;
    spin_lock(&process->signals.lock);
    process->real_timer.due = clock_nanoseconds() + left;
    process->real_timer.interval = interval;
    timer_set(timer, process->real_timer.due);
    spin_unlock(&process->signals.lock);
}

/* ---- CPU time ------------------------------------------------------------ */

static u32 ticks_of(u64 nanoseconds)
{
    u64 up = nanoseconds + NANOSECONDS_PER_TICK - 1;
    return (u32)min(divide_u64(up, NANOSECONDS_PER_TICK, NULL), 0xfffffffeull);
}

/* Table's lock held, so that no task comes that does not know of it. */
static void tick_timer_set(struct process *process, u32 which, u32 left,
                           u32 interval)
{
    struct task *task;

    spin_lock(&process->signals.lock);
    process->tick_timers[which] = (struct tick_timer){left, interval};
    spin_unlock(&process->signals.lock);
    process->timed |= left != 0;
    list_for_each (task, &process->tasks, link)
        task->thread.timed = process->timed;
}

/* Limits past what 32 bits of ticks hold, 49 days, are none. */
void cpu_limit_start(struct process *process, u64 used)
{
    u64 limit = process->limits[RLIMIT_CPU].rlim_cur;
    u64 ticks = min(limit, (u64)UINT32_MAX) * TICKS_PER_SECOND;
    u32 left = ticks > used ? (u32)(ticks - used) : 1;

    tick_timer_set(process, TICK_TIMER_LIMIT, ticks <= UINT32_MAX ? left : 0,
                   TICKS_PER_SECOND);
}

/* The soft limit has been reached: it moves on by a second, or was the hard
 * one. Returns the signal. */
static int cpu_limit_reached(struct process *process)
{
    struct rlimit64 *limit = &process->limits[RLIMIT_CPU];

    spin_lock(&process_table_lock);
    bool more = limit->rlim_cur < limit->rlim_max;
    limit->rlim_cur += more;
    spin_unlock(&process_table_lock);
    return more ? SIGXCPU : SIGKILL;
}

/* Counts ticks; was the last among them? Those behind it count for the next. */
static bool tick_timer_step(struct tick_timer *timer, u32 ticks)
{
    u32 left = timer->left, interval = timer->interval;
    bool due = left != 0 && left <= ticks;

    timer->left -= min(left, ticks);
    if (due && interval != 0)
        timer->left = interval - (ticks - left) % interval;
    return due;
}

void on_time_charged(bool from_user, u32 ticks)
{
    struct process *process = current_process();
    bool due[TICK_TIMER_COUNT] = {false};

    spin_lock(&process->signals.lock);
    for (u32 i = 0; i < TICK_TIMER_COUNT; i++)
        if (from_user || i != TICK_TIMER_VIRTUAL)
            due[i] = tick_timer_step(&process->tick_timers[i], ticks);
    spin_unlock(&process->signals.lock);
    if (due[TICK_TIMER_VIRTUAL])
        signal_send_process(process, SIGVTALRM);
    if (due[TICK_TIMER_PROFILE])
        signal_send_process(process, SIGPROF);
    if (due[TICK_TIMER_LIMIT])
        signal_send_process(process, cpu_limit_reached(process));
}

/* ---- all of them --------------------------------------------------------- */

void interval_timer_get(struct process *process, u32 which, u64 *left,
                        u64 *interval)
{
    if (which == ITIMER_REAL) {
        real_timer_get(process, left, interval);
        return;
    }
    spin_lock(&process->signals.lock);
    struct tick_timer timer = process->tick_timers[which - 1];
    spin_unlock(&process->signals.lock);
    *left = (u64)timer.left * NANOSECONDS_PER_TICK;
    *interval = (u64)timer.interval * NANOSECONDS_PER_TICK;
}

void interval_timer_set(struct process *process, u32 which, u64 left,
                        u64 interval)
{
    if (which == ITIMER_REAL) {
        real_timer_set(process, left, interval);
        return;
    }
    /* One more for the tick that has begun: a timer is never early. */
    u32 ticks = left != 0 ? ticks_of(left) + 1 : 0;
    spin_lock(&process_table_lock);
    tick_timer_set(process, which - 1, ticks, ticks_of(interval));
    spin_unlock(&process_table_lock);
}
