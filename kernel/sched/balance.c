/*
 * Only one run queue's lock is ever held: a thread on its way is MOVING, in no
 * queue, and already belongs to the CPU that it goes to.
 */
#include "sched/balance.h"

#include "core/panic.h"
#include "sched/run_queue.h"

#define BALANCE_TICKS 64u

volatile u32 idle_cpus;
static struct thread *balancer;

/* ---- moving one thread --------------------------------------------------- */

void run_queue_take_out(struct run_queue *queue, struct thread *thread,
                        struct cpu *target)
{
    assert_checked(thread->state == THREAD_READY);
    policy_of(queue, thread)->dequeue(queue, thread);
    queue->ready_count--;
    thread->state = THREAD_MOVING;
    thread->cpu = target;
}

void run_queue_bring_in(struct thread *thread)
{
    for (;;) {
        struct run_queue *queue = run_queue_lock_of(thread);
        bool admitted = run_queue_admits(queue, thread);

        if (likely(admitted)) {
            make_ready(queue, thread, true);
            ask_for_switch_to(queue, thread);
        } else {
            thread->cpu = balance_choose(thread);
        }
        spin_leave(&queue->lock);
        if (admitted)
            return;
    }
}

/* The first thread of `from` that may run on `to`, moved; returns whether
 * there was one. */
static bool move_one(struct run_queue *from, struct run_queue *to)
{
    struct thread *thread = NULL;

    spin_enter(&from->lock);
    if (from->real_time_ready != 0)
        thread = policy_priority.find(from, to->affinity);
    if (!thread)
        thread = from->policy->find(from, to->affinity);
    if (thread)
        run_queue_take_out(from, thread, to->cpu);
    spin_leave(&from->lock);
    if (thread)
        run_queue_bring_in(thread);
    return thread != NULL;
}

/* ---- choosing ------------------------------------------------------------ */

/* Read without the lock: a guess is enough. */
static u32 load_of(const struct run_queue *queue)
{
    return queue->ready_count + (queue->current != queue->idle);
}

struct cpu *balance_choose(const struct thread *thread)
{
    struct run_queue *best = NULL;

    for (u32 i = 0; i < cpu_count; i++) {
        struct run_queue *queue = &run_queues[i];
        if (run_queue_admits(queue, thread) &&
            (!best || load_of(queue) < load_of(best)))
            best = queue;
    }
    assert(best != NULL);
    return best->cpu;
}

bool balance_steal(struct run_queue *queue)
{
    for (u32 i = 1; i < cpu_count; i++) {
        struct run_queue *victim =
            &run_queues[(queue->cpu->index + i) % cpu_count];
        if (victim->ready_count != 0 && move_one(victim, queue))
            return true;
    }
    return false;
}

/* ---- when ---------------------------------------------------------------- */

void balance_idle_begin(const struct cpu *cpu)
{
    __atomic_or_fetch(&idle_cpus, 1u << cpu->index, __ATOMIC_SEQ_CST);
}

void balance_idle_end(const struct cpu *cpu)
{
    __atomic_and_fetch(&idle_cpus, ~(1u << cpu->index), __ATOMIC_SEQ_CST);
}

void balance_tick(struct run_queue *queue)
{
    u32 idle = atomic_load(&idle_cpus);

    /* Another one each time: not all may run what stands here. */
    u32 later = idle & -(1u << (u32)queue->busy_ticks % cpu_count);
    if (idle != 0)
        local_apic_send(&cpus[__builtin_ctz(later ? later : idle)],
                        TRAP_LOCAL_SWITCH);
    if (balancer && queue->busy_ticks % BALANCE_TICKS == 0)
        thread_unpark(balancer);
}

/* Moves one from a longer queue to a shorter one, where there is one that may:
 * each time it begins with another pair. The balancer is in none. */
static void even_out(void)
{
    static u32 turn;

    turn++;
    for (u32 i = 0; i < cpu_count * cpu_count; i++) {
        u32 pair = (turn + i) % (cpu_count * cpu_count);
        struct run_queue *from = &run_queues[pair / cpu_count];
        struct run_queue *to = &run_queues[pair % cpu_count];
        if (from->ready_count > to->ready_count && move_one(from, to))
            return;
    }
}

static void balancer_run(void *unused)
{
    (void)unused;
    for (;;) {
        cpu_interrupts_disable();
        even_out();
        cpu_interrupts_enable();
        thread_park();
    }
}

void balancer_start(void)
{
    if (cpu_count > 1)
        balancer = kernel_thread_create("balancer", balancer_run, NULL);
}
