/*
 * The run queue and the switch: what happens when a CPU goes from one thread
 * to another.
 *
 * The lock of a CPU's queue is taken by the thread that leaves and released
 * by the thread that arrives, so nobody ever sees a thread that is half
 * switched. Invariants while the lock is free: `current` is RUNNING and in no
 * queue; a READY thread is in exactly one queue; the idle thread is in none
 * and runs only when its queue is empty.
 *
 * A thread that dies cannot free the stack under its feet, and one that must
 * go to another CPU cannot be given away while it still runs on it: both are
 * left in `leaving`, and who arrives next buries the one and sends the other.
 */
#include "sched/scheduler.h"
#include "core/boot_info.h"
#include "core/panic.h"
#include "core/printk.h"
#include "lib/string.h"
#include "sched/balance.h"
#include "sched/run_queue.h"
#include "sched/timer.h"
#include "x86/local_apic.h"
#include "x86/switch.h"
#include "x86/tick.h"

struct run_queue run_queues[CPU_MAX];

void scheduler_start(struct cpu *cpu, struct thread *idle)
{
    struct run_queue *queue = &run_queues[cpu->index];

    spinlock_initialize(&queue->lock, RANK_RUN_QUEUE);
    cpu->run_queue = queue;
    queue->cpu = cpu;
    queue->affinity = 1u << cpu->index;
    queue->idle = idle;
    queue->current = idle;
    queue->accounted = cpu_timestamp();
    scheduler_policy_start(queue);
}

/* ---- the switch ---------------------------------------------------------- */

/* Everything of a thread that the CPU itself holds. The kernel half of all
 * page tables is the same, so the old stack is good until the very end. */
static void context_load(struct cpu *cpu, struct thread *previous,
                         struct thread *next)
{
    next->stack->cpu = cpu;
    segments_set_kernel_stack(cpu, kernel_stack_top(next->stack));
    if (next->page_table)
        page_table_load(next->page_table);
    if (previous->fpu)
        fpu_save(previous->fpu);
    if (next->fpu)
        fpu_restore(next->fpu);
    if (previous->fpu || next->fpu)
        segments_switch(&previous->segments, &next->segments);
}

static inline struct thread *pick_next(struct run_queue *queue)
{
    if (unlikely(queue->real_time_ready != 0))
        return policy_priority.pick(queue);
    return queue->policy->pick(queue);
}

/* Goes on with the next thread. The lock is held before and, when somebody
 * switches back to the caller, after; the CPU may be another one then. */
static void switch_away(struct run_queue *queue)
{
    struct cpu *cpu = queue->cpu;
    struct thread *previous = queue->current;
    struct thread *next = pick_next(queue);

    assert(cpu->spin_depth == 1);
    assert_checked(previous->stack->preempt_depth == 0);
    assert_checked(previous->stack->canary == STACK_CANARY);
    cpu->switch_wanted = false;
    if (next)
        queue->ready_count--;
    else
        next = queue->idle;
    next->state = THREAD_RUNNING;
    if (next == previous)
        return;
    queue->current = next;
    cpu->switches++;
    context_load(cpu, previous, next);
    context_switch(&previous->stack_pointer, next->stack_pointer);
}

static void part_from(struct run_queue *queue)
{
    struct thread *thread = queue->leaving;

    queue->leaving = NULL;
    if (thread->state == THREAD_MOVING) {
        run_queue_bring_in(thread);
        return;
    }
    thread_bury(thread);
}

/* Unlocks after a switch, then sees to the thread that was left for good.
 * Interrupts stay off. */
static inline void switch_finish(void)
{
    struct run_queue *queue = run_queue_here();

    spin_leave(&queue->lock);
    if (unlikely(queue->leaving))
        part_from(queue);
}

void scheduler_arrive(void)
{
    switch_finish();
    cpu_interrupts_enable();
}

noreturn void scheduler_leave(void)
{
    cpu_interrupts_disable();
    struct run_queue *queue = run_queue_lock_here();

    run_queue_account(queue);
    queue->current->state = THREAD_DEAD;
    queue->load -= queue->current->entity.load;
    queue->leaving = queue->current;
    switch_away(queue);
    panic("a dead thread runs");
}

/* ---- blocking and waking ------------------------------------------------- */

/* The queue's lock is held before, and not after. */
static inline void park(struct run_queue *queue)
{
    struct thread *thread = queue->current;

    assert_checked(thread != queue->idle && queue->cpu->interrupt_depth == 0);
    if (unlikely(thread->permit)) {
        thread->permit = false;
        spin_leave(&queue->lock);
        return;
    }
    run_queue_account(queue);
    thread->state = THREAD_PARKED;
    thread->entity.target = NULL;
    thread->switches_wanted++;
    queue->load -= thread->entity.load;
    switch_away(queue);
    switch_finish();
}

void thread_park(void)
{
    bool enabled = cpu_interrupts_save();

    park(run_queue_lock_here());
    cpu_interrupts_restore(enabled);
}

/* From one lock to the other and back, interrupts off all the time. */
void thread_park_unlocking(struct spinlock *lock)
{
    bool restores = this_cpu()->spin_restores;
    struct run_queue *queue = run_queue_lock_here();

    queue->cpu->spin_restores = false;
    spin_leave(lock);
    park(queue);
    this_cpu()->spin_restores = restores;
    spin_enter(lock);
}

void thread_unpark(struct thread *thread)
{
    bool enabled = cpu_interrupts_save();
    struct run_queue *queue = run_queue_lock_of(thread);
    bool moves = false;

    if (thread->state != THREAD_PARKED) {
        thread->permit = true;
    } else if (likely(run_queue_admits(queue, thread))) {
        make_ready(queue, thread, ARRIVES_FROM_AWAY);
        ask_for_switch_to(queue, thread);
    } else {
        thread->state = THREAD_MOVING;
        moves = true;
    }
    spin_leave(&queue->lock);
    if (unlikely(moves))
        run_queue_bring_in(thread);
    if (enabled)
        preemption_restore(this_cpu());
}

void scheduler_add(struct thread *thread)
{
    bool enabled = cpu_interrupts_save();

    assert(thread->state == THREAD_NEW);
    struct run_queue *queue = run_queue_lock_of(thread);
    thread->cpu = balance_choose(thread);
    thread->state = THREAD_MOVING;
    spin_leave(&queue->lock);
    run_queue_bring_in(thread);
    if (enabled)
        preemption_restore(this_cpu());
}

u64 thread_ran(const struct thread *thread)
{
    bool enabled = cpu_interrupts_save();
    struct run_queue *queue = run_queue_lock_of(thread);

    u64 ran = run_queue_ran(queue, thread, cpu_timestamp());
    spin_leave(&queue->lock);
    cpu_interrupts_restore(enabled);
    return ran;
}

/* ---- letting others run -------------------------------------------------- */

/* The current thread stays ready and goes behind the others, or to the CPU
 * where it may or is to run. */
static void step_back(struct run_queue *queue, enum arrival how)
{
    struct thread *thread = queue->current;

    run_queue_account(queue);
    if (unlikely(!run_queue_admits(queue, thread) || thread->entity.target)) {
        thread->state = THREAD_MOVING;
        queue->load -= thread->entity.load;
        thread->cpu = balance_choose(thread);
        queue->leaving = thread;
    } else if (thread != queue->idle) {
        make_ready(queue, thread, how);
    }
    switch_away(queue);
    switch_finish();
}

/* Interrupts are off, and stay so. */
static void yield_from(struct run_queue *queue)
{
    spin_enter(&queue->lock);
    queue->current->switches_wanted++;
    step_back(queue, ARRIVES_YIELDING);
}

void thread_yield(void)
{
    assert_checked(cpu_interrupts_enabled());
    /* Only a hint: a thread that is made ready right now may wait a turn. */
    if (stack_base()->cpu->run_queue->ready_count == 0)
        return;
    cpu_interrupts_disable();
    yield_from(run_queue_here());
    cpu_interrupts_enable();
}

void on_preemption_due(void)
{
    bool enabled = cpu_interrupts_save();
    struct run_queue *queue = run_queue_lock_here();

    assert_checked(stack_base()->preempt_depth == 0);
    if (queue->cpu->switch_wanted &&
        (queue->ready_count != 0 || !run_queue_admits(queue, queue->current))) {
        queue->current->switches_suffered++;
        step_back(queue, ARRIVES_PREEMPTED);
    } else {
        queue->cpu->switch_wanted = false;
        queue->current->entity.target = NULL;
        spin_leave(&queue->lock);
    }
    cpu_interrupts_restore(enabled);
}

/* Halts until an interrupt, without ticks. Interrupts are off. No switch may
 * come out of that interrupt: it would leave the ticks off. A CPU that halts
 * keeps no process's page table, so that no CPU that changes one waits until
 * this one is awake to forget it. */
static void idle_wait(struct run_queue *queue)
{
    struct cpu *cpu = queue->cpu;

    stack_base()->preempt_depth++;
    if (cpu_count > 1)
        page_table_load(&kernel_page_table);
    balance_idle_begin(cpu);
    tick_pause(timers_next(cpu));
    cpu_wait_for_interrupt();
    cpu_interrupts_disable();
    balance_idle_end(cpu);
    tick_resume();
    stack_base()->preempt_depth--;
}

noreturn void scheduler_idle(void)
{
    struct run_queue *queue = stack_base()->cpu->run_queue;

    for (;;) {
        cpu_interrupts_disable();
        if (queue->ready_count == 0 && !balance_steal(queue))
            idle_wait(queue);
        cpu_interrupts_enable();
        thread_yield();
    }
}

void thread_set_affinity(struct thread *thread, u32 allowed)
{
    bool enabled = cpu_interrupts_save();
    struct run_queue *queue = run_queue_lock_of(thread);
    bool moves = false, wait = false;

    thread->affinity = allowed;
    if (!run_queue_admits(queue, thread)) {
        moves = thread->state == THREAD_READY;
        wait = thread == queue->current && queue == run_queue_here();
        if (moves)
            run_queue_take_out(queue, thread, balance_choose(thread));
        else if (thread == queue->current)
            ask_for_switch(queue);
    }
    spin_leave(&queue->lock);
    if (moves)
        run_queue_bring_in(thread);
    if (wait)
        yield_from(run_queue_here());
    if (enabled)
        preemption_restore(this_cpu());
}

/* Without a lock: a thread on its way to user code looks at its work after
 * this CPU has written it, one that runs there is interrupted, and one that
 * has moved meanwhile has passed the kernel's way out. */
void thread_kick(struct thread *thread)
{
    preempt_disable();
    struct cpu *cpu = *(struct cpu *const volatile *)&thread->cpu;

    if (cpu != this_cpu() && cpu->run_queue->current == thread)
        local_apic_send(cpu, TRAP_LOCAL_SWITCH);
    preempt_enable();
}

void thread_use_page_table(struct page_table *page_table)
{
    bool enabled = cpu_interrupts_save();

    current_thread()->page_table = page_table;
    page_table_load(page_table ? page_table : &kernel_page_table);
    cpu_interrupts_restore(enabled);
}
