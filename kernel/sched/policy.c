/*
 * Which policy orders the threads, and changes of it while they run.
 *
 * The change goes from queue to queue, each under its own lock: all who are
 * ready are taken out of the old order and come into the new one as if they
 * had just been woken. In between, queues of both kinds exist side by side; a
 * thread that moves is adopted where it arrives (run_queue.h, enqueue).
 */
#include "core/boot_info.h"
#include "core/printk.h"
#include "lib/string.h"
#include "sched/lend.h"
#include "sched/order.h"
#include "sched/run_queue.h"
#include <asm/errno.h>

/* A real-time thread takes a CPU whole. All threads together fit into a sum. */
#define LOAD_NORMAL    1024u
#define LOAD_REAL_TIME (1u << 18)

u32 scheduler_quantum, quantum_jitter, turn_counts;
u8 urgency_least;

const struct wanted wanted_any = {CPU_ALL, UINT32_MAX, 0, UINT32_MAX};

static const struct scheduler_policy *const policies[] = {
    &policy_round_robin, &policy_priority, &policy_feedback,
    &policy_stride,      &policy_fair,
};
static const struct scheduler_policy *chosen; /* written under `choosing` */
static struct spinlock choosing = SPINLOCK_INITIALIZER(RANK_POLICY);

const struct scheduler_policy *scheduler_policy(void)
{
    return chosen;
}

const struct scheduler_policy *scheduler_policy_at(u32 index)
{
    return index < array_count(policies) ? policies[index] : NULL;
}

static const struct scheduler_policy *policy_called(const char *name)
{
    for (size_t i = 0; i < array_count(policies); i++)
        if (strcmp(policies[i]->name, name) == 0)
            return policies[i];
    return NULL;
}

static void choose(const struct scheduler_policy *policy)
{
    chosen = policy;
    urgency_least = policy == &policy_priority ? 0 : PRIORITY_NICE_MAX;
}

/* ---- the start ----------------------------------------------------------- */

static void options_read(void)
{
    char name[THREAD_NAME_SIZE];

    scheduler_set_quantum(boot_option_u32("quantum", 10, 1, 1000));
    quantum_jitter = boot_option_u32("jitter", 0, 0, UINT32_MAX);
    choose(policies[0]);
    if (!boot_option("sched", name, sizeof(name)))
        return;
    if (policy_called(name))
        choose(policy_called(name));
    else
        printk("option sched=%s is unknown: see /proc/scheduler\n", name);
}

void scheduler_policy_start(struct run_queue *queue)
{
    if (!chosen)
        options_read();
    levels_initialize(&queue->levels);
    queue->policy = chosen;
    chosen->start(queue);
}

static void turn_set(u32 ticks)
{
    u64 counts = (u64)ticks * clock_tick_counts - clock_tick_counts / 2;
    turn_counts = (u32)min(counts, (u64)UINT32_MAX);
}

void scheduler_set_quantum(u32 ticks)
{
    scheduler_quantum = ticks;
    turn_set(ticks);
}

/* Any numbers will do that a seed repeats (xorshift, Marsaglia 2003). CPUs
 * may draw the same one. */
void quantum_draw(void)
{
    u32 seed = quantum_jitter;

    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    quantum_jitter = seed;
    turn_set(1 + seed % scheduler_quantum);
}

const struct scheduler_policy *run_queue_adopt(struct run_queue *queue,
                                               struct thread *thread)
{
    const struct scheduler_policy *policy = policy_of(queue, thread);
    u32 load = thread_is_real_time(thread) ? LOAD_REAL_TIME
               : policy->gives_shares      ? priority_weight(thread->priority)
                                           : LOAD_NORMAL;

    if (thread->state == THREAD_READY || thread->state == THREAD_RUNNING)
        queue->load += load - thread->entity.load;
    thread->entity.load = load;
    if (thread->entity.policy != policy) {
        thread->entity.policy = policy;
        policy->adopt(queue, thread);
    }
    return policy;
}

/* ---- a change ------------------------------------------------------------ */

static void queue_switch(struct run_queue *queue,
                         const struct scheduler_policy *policy)
{
    const struct scheduler_policy *old = queue->policy;
    struct list all = LIST_INITIALIZER(all);
    struct thread *thread, *current = queue->current;

    while ((thread = old->find(queue, &wanted_any)) != NULL) {
        policy_of(queue, thread)->dequeue(queue, thread);
        list_add_last(&all, &thread->entity.link);
    }
    queue->policy = policy;
    policy->start(queue);
    if (current != queue->idle)
        (void)run_queue_adopt(queue, current);
    while (!list_is_empty(&all)) {
        thread = list_first(&all, struct thread, entity.link);
        list_remove(&thread->entity.link);
        enqueue(queue, thread, ARRIVES_FROM_AWAY);
    }
    ask_for_switch(queue);
}

int scheduler_choose(const char *name)
{
    const struct scheduler_policy *policy = policy_called(name);

    if (!policy)
        return -EINVAL;
    spin_lock(&choosing);
    choose(policy);
    for (u32 i = 0; i < cpu_count; i++) {
        spin_enter(&run_queues[i].lock);
        if (run_queues[i].policy != policy)
            queue_switch(&run_queues[i], policy);
        spin_leave(&run_queues[i].lock);
    }
    spin_unlock(&choosing);
    return 0;
}
