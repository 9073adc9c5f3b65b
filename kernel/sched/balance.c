/*
 * Only one run queue's lock is ever held: a thread on its way is MOVING, in no
 * queue, and already belongs to the CPU that it goes to.
 */
#include "sched/balance.h"

#include "core/panic.h"
#include "lib/divide.h"
#include "sched/run_queue.h"

/* From one look at all loads to the next. */
#define BALANCE_TICKS 32u
/* What a thread has had in the last one or two spans of so long counts, in
 * units of so many bits of cpu_timestamp(). For who is new, or was not asked
 * for long, that begins now. */
#define LATELY_TICKS 1000u
#define UNIT_SHIFT   12

volatile u32 idle_cpus;
static struct thread *balancer;
/* When it is to look again. It writes that without a lock: a reader that gets
 * half of it is a tick late, or early. */
static volatile u64 next_look;

/* ---- moving one thread --------------------------------------------------- */

void run_queue_take_out(struct run_queue *queue, struct thread *thread,
                        struct cpu *target)
{
    assert_checked(thread->state == THREAD_READY);
    policy_of(queue, thread)->dequeue(queue, thread);
    queue->ready_count--;
    queue->load -= thread->entity.load;
    thread->entity.target = NULL;
    thread->state = THREAD_MOVING;
    thread->cpu = target;
}

void run_queue_bring_in(struct thread *thread)
{
    for (;;) {
        struct run_queue *queue = run_queue_lock_of(thread);
        bool admitted = run_queue_admits(queue, thread);

        if (likely(admitted)) {
            make_ready(queue, thread, ARRIVES_FROM_AWAY);
            ask_for_switch_to(queue, thread);
        } else {
            thread->cpu = balance_choose(thread);
        }
        spin_leave(&queue->lock);
        if (admitted)
            return;
    }
}

/* Lock held. */
static struct thread *first_ready(struct run_queue *queue,
                                  const struct wanted *wanted)
{
    struct thread *thread = NULL;

    if (queue->real_time_ready != 0)
        thread = policy_priority.find(queue, wanted);
    return thread ? thread : queue->policy->find(queue, wanted);
}

/* The first thread of `from` that is wanted, moved; whether there was one. */
static bool move_one(struct run_queue *from, struct run_queue *to,
                     const struct wanted *wanted)
{
    spin_enter(&from->lock);
    struct thread *thread = first_ready(from, wanted);
    if (thread)
        run_queue_take_out(from, thread, to->cpu);
    spin_leave(&from->lock);
    if (thread)
        run_queue_bring_in(thread);
    return thread != NULL;
}

/* ---- choosing ------------------------------------------------------------ */

/* Loads are read without the lock: a guess is enough. */
struct cpu *balance_choose(struct thread *thread)
{
    struct cpu *target = thread->entity.target;
    struct run_queue *best = NULL;

    thread->entity.target = NULL;
    if (target && run_queue_admits(target->run_queue, thread))
        return target;
    for (u32 i = 0; i < cpu_count; i++) {
        struct run_queue *queue = &run_queues[i];
        if (run_queue_admits(queue, thread) &&
            (!best || queue->load < best->load))
            best = queue;
    }
    assert(best != NULL);
    return best->cpu;
}

bool balance_steal(struct run_queue *queue)
{
    struct wanted wanted = wanted_any;

    wanted.affinity = queue->affinity;
    for (u32 i = 1; i < cpu_count; i++) {
        struct run_queue *victim =
            &run_queues[(queue->cpu->index + i) % cpu_count];
        if (victim->ready_count != 0 && move_one(victim, queue, &wanted))
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

/* Of who runs there, or will when the balancer does not any more; 0: nobody */
static u32 urgency_of(struct run_queue *queue)
{
    spin_enter(&queue->lock);
    struct thread *thread = queue->current;
    if (thread == balancer)
        thread = first_ready(queue, &wanted_any);
    u32 urgency = !thread || thread == queue->idle ? 0 : thread_urgency(thread);
    spin_leave(&queue->lock);
    return urgency;
}

/* Where the more urgent come first, who waits here goes where someone runs who
 * is less so: of all threads the most urgent run, as many as there are CPUs.
 * Who is more urgent than the one that runs here does not wait: it is next. */
static void urgent_spread(struct run_queue *queue)
{
    struct wanted wanted = wanted_any;

    wanted.urgency_most = thread_urgency(queue->current);
    for (u32 i = 1; i < cpu_count && queue->current != balancer; i++) {
        struct run_queue *other =
            &run_queues[(queue->cpu->index + i) % cpu_count];

        wanted.affinity = other->affinity;
        wanted.urgency_least = urgency_of(other) + 1;
        if (move_one(queue, other, &wanted))
            return;
    }
}

/* Pokes an idle CPU that may run what waits here, if there is one. */
static void idle_wake(struct run_queue *queue, u32 idle)
{
    struct wanted wanted = wanted_any;

    wanted.affinity = idle;
    spin_enter(&queue->lock);
    struct thread *thread = first_ready(queue, &wanted);
    u32 may = thread ? thread->affinity & idle : 0;
    spin_leave(&queue->lock);
    if (may != 0)
        local_apic_send(&cpus[__builtin_ctz(may)], TRAP_LOCAL_SWITCH);
}

/* On an idle CPU, if there is one: it interrupts nobody's work there. */
static void balancer_wake(u32 idle)
{
    thread_set_affinity(balancer, idle != 0 ? idle : CPU_ALL);
    thread_unpark(balancer);
}

void balance_tick(struct run_queue *queue)
{
    u32 idle = atomic_load(&idle_cpus);

    if (idle != 0)
        idle_wake(queue, idle);
    if (queue->real_time_ready != 0 || queue->policy == &policy_priority)
        urgent_spread(queue);
    if (balancer && queue->current != balancer && queue->accounted >= next_look)
        balancer_wake(idle);
}

/* Without the balancer, which is running. */
static u32 load_of(const struct run_queue *queue)
{
    bool here = queue == run_queue_here();
    return queue->load - (here ? current_thread()->entity.load : 0);
}

/* The part of the time that it has had lately, for its load: a number to
 * compare. Its queue's lock is held. */
static u32 had_lately(const struct run_queue *queue, struct thread *thread)
{
    struct schedule_entity *entity = &thread->entity;
    u64 counts = cpu_timestamp();
    u32 now = (u32)(counts >> UNIT_SHIFT);
    u32 ran = (u32)(run_queue_ran(queue, thread, counts) >> UNIT_SHIFT);
    u32 most = 2 * LATELY_TICKS * (clock_tick_counts >> UNIT_SHIFT);
    u32 span = (now - entity->seen) | 1;

    if (span > 8 * most)
        span = 1;
    u32 part = min(ran - entity->seen_ran, span);
    for (; span > most; span /= 2)
        part /= 2;
    entity->seen = now - span;
    entity->seen_ran = ran - part;
    return (u32)divide_u64((u64)part << 28, span, NULL) / entity->load;
}

/* Of the thread that runs and the next that is wanted, the one that has had
 * more lately goes: the one that runs when its turn ends, now. */
static bool move_who_had_more(struct run_queue *from, struct run_queue *to,
                              const struct wanted *wanted)
{
    spin_enter(&from->lock);
    struct thread *thread = from->current, *next = first_ready(from, wanted);
    bool goes = thread != from->idle && thread != balancer &&
                !thread_is_fifo(thread) && from->ready_count != 0 &&
                thread_fits(thread, wanted);
    if (goes && next && had_lately(from, next) > had_lately(from, thread))
        goes = false;
    if (goes) {
        thread->entity.target = to->cpu;
        ask_for_switch(from);
    } else if (next) {
        run_queue_take_out(from, next, to->cpu);
    }
    spin_leave(&from->lock);
    if (!goes && next)
        run_queue_bring_in(next);
    return goes || next;
}

/* Moves one from a queue with more load to one with less, among its equals
 * there, where there is one that does not turn the tables: each time it begins
 * with another pair. Where equals cannot be shared out evenly, all take turns
 * at having the better place, who has had least the sooner. */
static void even_out(void)
{
    static u32 turn;
    struct wanted wanted = wanted_any;

    turn++;
    next_look = cpu_timestamp() + (u64)BALANCE_TICKS * clock_tick_counts;
    for (u32 i = 0; i < cpu_count * cpu_count; i++) {
        u32 pair = (turn + i) % (cpu_count * cpu_count);
        struct run_queue *from = &run_queues[pair / cpu_count];
        struct run_queue *to = &run_queues[pair % cpu_count];
        u32 more = load_of(from), less = load_of(to);

        if (more <= less || from->ready_count == 0 ||
            (atomic_load(&idle_cpus) & 1u << to->cpu->index))
            continue; /* an idle CPU takes what it may by itself */
        wanted.affinity = to->affinity;
        wanted.load_most = more - less;
        wanted.urgency_least = urgency_of(to);
        wanted.urgency_most =
            wanted.urgency_least ? wanted.urgency_least : UINT32_MAX;
        if (move_who_had_more(from, to, &wanted))
            return;
    }
}

static void balancer_run(void *unused)
{
    for (;;) {
        cpu_interrupts_disable();
        if (cpu_timestamp() >= next_look) /* not for a second CPU's tick */
            even_out();
        cpu_interrupts_enable();
        thread_park();
    }
}

void balancer_start(void)
{
    if (cpu_count == 1)
        return;
    balancer = kernel_thread_create("balancer", balancer_run, NULL);
    if (balancer)
        thread_set_priority(balancer, PRIORITY_NICE_MAX + 99, false);
}
