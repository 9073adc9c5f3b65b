/*
 * Timers in a tree a CPU, ordered by deadline, those of one time in the order
 * in which they were set.
 *
 * `next_deadline` repeats the first one's deadline, so that a tick with
 * nothing due reads one number and takes no lock. Another CPU that cancels a
 * timer may write it at that moment: then the tick looks in vain. `running`
 * names the timer whose function is being called; the tick touches nothing of
 * the timer after the call, so that who cancels it may free it.
 */
#include "sched/timer.h"
#include "core/panic.h"
#include "sched/thread.h"
#include "x86/clock.h"

#define NEVER (~0ull)

static struct timer_tree {
    struct spinlock lock;
    struct tree tree;
    struct timer *first;
    volatile u64 next_deadline;
    struct timer *volatile running;
} timer_trees[CPU_MAX];

void timers_start(struct cpu *cpu)
{
    struct timer_tree *timers = &timer_trees[cpu->index];

    spinlock_initialize(&timers->lock, RANK_TIMER);
    timers->next_deadline = NEVER;
}

void timer_initialize(struct timer *timer, void (*expire)(struct timer *timer))
{
    timer->cpu = &cpus[0];
    timer->expire = expire;
    timer->set = false;
}

/* The tree that a timer belongs to, locked: it may change until then. */
static struct timer_tree *timers_lock_of(const struct timer *timer)
{
    for (;;) {
        struct cpu *cpu = *(struct cpu *const volatile *)&timer->cpu;
        struct timer_tree *timers = &timer_trees[cpu->index];

        spin_lock(&timers->lock);
        if (likely(timer->cpu == cpu))
            return timers;
        spin_unlock(&timers->lock);
    }
}

static struct timer *timer_of(struct tree_node *node)
{
    return node ? container_of(node, struct timer, node) : NULL;
}

static void first_is(struct timer_tree *timers, struct timer *first)
{
    timers->first = first;
    timers->next_deadline = first ? first->deadline : NEVER;
}

static void timer_add(struct timer_tree *timers, struct timer *timer)
{
    struct tree_node **link = &timers->tree.root, *parent = NULL;
    bool is_first = true;

    while (*link) {
        parent = *link;
        if (timer->deadline < timer_of(parent)->deadline) {
            link = &parent->left;
        } else {
            link = &parent->right;
            is_first = false;
        }
    }
    tree_insert(&timers->tree, &timer->node, parent, link);
    timer->set = true;
    if (is_first)
        first_is(timers, timer);
}

static void timer_take_out(struct timer_tree *timers, struct timer *timer)
{
    if (timers->first == timer)
        first_is(timers, timer_of(tree_next(&timer->node)));
    tree_remove(&timers->tree, &timer->node);
    timer->set = false;
}

/* In the tree of the CPU that sets it, which is awake: another may be idle,
 * and not look before its own first timer. */
void timer_set(struct timer *timer, u64 deadline)
{
    preempt_disable();
    struct cpu *here = this_cpu();
    struct timer_tree *timers = timers_lock_of(timer);

    for (;;) {
        if (timer->set)
            timer_take_out(timers, timer);
        if (timer->cpu == here)
            break;
        timer->cpu = here;
        spin_unlock(&timers->lock);
        timers = timers_lock_of(timer);
    }
    timer->deadline = deadline;
    timer_add(timers, timer);
    spin_unlock(&timers->lock);
    preempt_enable();
}

/* It may have moved to another tree since it was taken out of the one that it
 * runs from. */
static bool timer_is_running(const struct timer *timer)
{
    for (u32 i = 0; i < cpu_count; i++)
        if (timer_trees[i].running == timer)
            return true;
    return false;
}

bool timer_cancel(struct timer *timer)
{
    bool was_set = false;

    for (;;) {
        struct timer_tree *timers = timers_lock_of(timer);
        if (timer->set) {
            timer_take_out(timers, timer);
            was_set = true;
        }
        spin_unlock(&timers->lock);
        if (!timer_is_running(timer))
            return was_set;
        cpu_pause();
    }
}

u64 timers_next(const struct cpu *cpu)
{
    u64 next = timer_trees[cpu->index].next_deadline;
    return next == NEVER ? 0 : next;
}

/* The first timer if it is due, taken out; it counts as running. */
static struct timer *timer_take_due(struct timer_tree *timers, u64 now)
{
    spin_lock(&timers->lock);
    struct timer *timer = timers->first;

    if (timer && timer->deadline <= now)
        timer_take_out(timers, timer);
    else
        timer = NULL;
    timers->running = timer;
    spin_unlock(&timers->lock);
    return timer;
}

void timers_expire(u64 now)
{
    struct timer_tree *timers = &timer_trees[this_cpu()->index];
    struct timer *timer;

    if (likely(timers->next_deadline > now))
        return;
    while ((timer = timer_take_due(timers, now)))
        timer->expire(timer);
}

/* ---- threads that wait for a time ---------------------------------------- */

struct alarm {
    struct timer timer;
    struct thread *thread;
};

static void alarm_expire(struct timer *timer)
{
    thread_unpark(container_of(timer, struct alarm, timer)->thread);
}

static void park_with_alarm(u64 deadline)
{
    struct alarm alarm = {.thread = current_thread()};

    if (clock_nanoseconds() >= deadline)
        return;
    timer_initialize(&alarm.timer, alarm_expire);
    timer_set(&alarm.timer, deadline);
    thread_park();
    timer_cancel(&alarm.timer);
}

void thread_park_until(u64 deadline)
{
    if (deadline == 0)
        thread_park();
    else
        park_with_alarm(deadline);
}

void thread_sleep_until(u64 deadline)
{
    while (clock_nanoseconds() < deadline)
        thread_park_until(deadline);
}
