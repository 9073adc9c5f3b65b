/*
 * The real interval timer of a process: SIGALRM when it is due, again and
 * again if it has an interval (setitimer, alarm).
 */
#include "proc/itimer.h"

#include "x86/clock.h"
#include <asm/siginfo.h>
#include <asm/signal.h>

/* From the timer interrupt. */
void real_timer_expire(struct timer *timer)
{
    struct process *process =
        container_of(timer, struct process, real_timer.timer);
    struct signal_info info = {.number = SIGALRM, .code = SI_KERNEL};
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
        (void)signal_send_process(process, &info);
}

void real_timer_get(struct process *process, u64 *left, u64 *interval)
{
    u64 now = clock_nanoseconds();

    spin_lock(&process->signals.lock);
    u64 due = process->real_timer.due;
    *interval = process->real_timer.interval;
    spin_unlock(&process->signals.lock);
    *left = due == 0 ? 0 : due > now ? due - now : 1;
}

void real_timer_set(struct process *process, u64 left, u64 interval)
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
