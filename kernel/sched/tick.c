/*
 * The tick: once a millisecond a CPU asks who has used the time, which timers
 * are due, and whether the running thread's turn is over.
 *
 * What a thread has run is exact, by the time-stamp counter; how much of it in
 * user code is a sample: a tick counts whole for where it meets the thread. It
 * runs with interrupts off on the stack of the interrupted thread; the switch
 * that it may ask for happens on the way out of the interrupt.
 */
#include "sched/balance.h"
#include "sched/busy.h"
#include "sched/scheduler.h"
#include "sched/timer.h"
#include "sched/upcalls.h"
#include "x86/clock.h"
#include "x86/upcalls.h"

static void tick_charge(struct run_queue *queue, bool from_user)
{
    struct thread *thread = queue->current;

    spin_enter(&queue->lock);
    run_queue_account(queue);
    spin_leave(&queue->lock);
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
