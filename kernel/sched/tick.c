/*
 * The tick: once a millisecond a CPU asks who has used the time, which timers
 * are due, and whether the running thread's turn is over.
 *
 * What a thread has run is exact, by the time-stamp counter; how much of it in
 * user code is a sample: a tick counts whole for where it meets the thread, and
 * so do those that were lost since it began to run, where an emulator's host
 * was busy. It runs with interrupts off on the stack of the interrupted thread;
 * the switch that it may ask for happens on the way out of the interrupt.
 */
#include "lib/divide.h"
#include "sched/balance.h"
#include "sched/busy.h"
#include "sched/scheduler.h"
#include "sched/timer.h"
#include "sched/upcalls.h"
#include "x86/clock.h"
#include "x86/upcalls.h"

static fast_path void ticks_charge(struct run_queue *queue, bool from_user,
                                   u32 ticks)
{
    struct thread *thread = queue->current;

    queue->busy_ticks += ticks;
    if (from_user)
        thread->user_ticks += ticks;
    else
        thread->kernel_ticks += ticks;
    if (unlikely(thread->timed))
        on_time_charged(from_user, ticks);
}

/* All but the one that came; of more than a second, the machine stood still. */
static slow_path void lost_ticks_charge(struct run_queue *queue, bool from_user,
                                        u64 passed)
{
    u32 ticks = (u32)divide_u64(passed, clock_tick_counts, NULL);

    ticks_charge(queue, from_user, min(ticks, TICKS_PER_SECOND) - 1);
}

static inline void tick_charge(struct run_queue *queue, bool from_user)
{
    spin_enter(&queue->lock);
    u64 passed = run_queue_account(queue);
    spin_leave(&queue->lock);
    if (queue->current == queue->idle)
        return;
    if (unlikely((u32)(passed >> 1) >= clock_tick_counts))
        lost_ticks_charge(queue, from_user, passed);
    ticks_charge(queue, from_user, 1);
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
    if (unlikely(quantum_jitter))
        quantum_draw();
    if (cpu_count > 1) {
        busy_count(queue, atomic_load(&idle_cpus));
        if (queue->ready_count != 0)
            balance_tick(queue);
    }
    if (policy_of(queue, queue->current)->tick(queue, queue->current))
        queue->cpu->switch_wanted = true;
}
