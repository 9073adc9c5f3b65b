/*
 * The tick: once a millisecond a CPU asks who has used the time, which timers
 * are due, and whether the running thread's turn is over.
 *
 * A tick is charged whole to whom it meets: crude, cheap, and right on
 * average. It runs with interrupts off on the stack of the interrupted
 * thread; the switch that it may ask for happens on the way out of the
 * interrupt.
 */
#include "lib/divide.h"
#include "sched/balance.h"
#include "sched/scheduler.h"
#include "sched/timer.h"
#include "sched/upcalls.h"
#include "x86/clock.h"
#include "x86/upcalls.h"

static void tick_charge(struct run_queue *queue, bool from_user)
{
    struct thread *thread = queue->current;

    if (thread == queue->idle)
        return;
    queue->busy_ticks++;
    if (from_user)
        thread->user_ticks++;
    else
        thread->kernel_ticks++;
    if (unlikely(thread->timed))
        on_time_charged(from_user);
}

void on_timer_tick(bool from_user)
{
    struct run_queue *queue = run_queue_here();

    if (unlikely(!queue))
        return; /* the scheduler has not started */
    tick_charge(queue, from_user);
    timers_expire(clock_nanoseconds());
    if (queue->current == queue->idle)
        return;
    if (queue->ready_count != 0 && cpu_count > 1)
        balance_tick(queue);
    if (policy_of(queue, queue->current)->tick(queue, queue->current))
        queue->cpu->switch_wanted = true;
}

u64 scheduler_idle_ticks(const struct run_queue *queue)
{
    return divide_u64(queue->idle_nanoseconds, NANOSECONDS_PER_TICK, NULL);
}

/* The 64-bit counts are read without a lock: a reader on another CPU may be
 * off by one carry for an instant, which no statistic minds. */
void scheduler_times(u64 *busy, u64 *idle)
{
    *busy = 0;
    *idle = 0;
    for (u32 i = 0; i < cpu_count; i++) {
        *busy += run_queues[i].busy_ticks;
        *idle += scheduler_idle_ticks(&run_queues[i]);
    }
}

u32 scheduler_runnable_count(void)
{
    u32 runnable = 0;

    for (u32 i = 0; i < cpu_count; i++)
        runnable += run_queues[i].ready_count +
                    (run_queues[i].current != run_queues[i].idle);
    return runnable;
}
