/*
 * Earliest eligible virtual deadline first (Stoica and Abdel-Wahab, 1995): a
 * fair share by nice value, and a bound on how long one waits for it.
 *
 * A thread's virtual time is what it has run, the slower the more it weighs;
 * the queue's is the mean of all who are there, by weight. Who is behind the
 * mean is owed something: it is eligible. Each asks for a slice at a time,
 * which is due (its virtual deadline) when it has had it at its own pace. Of
 * those eligible the one with the earliest deadline runs.
 *
 * Who leaves takes along how far it was ahead or behind (its lag, at most one
 * slice) and comes back with it: sleeping neither wins nor loses anything.
 *
 *     virtual time:  A         B    mean       C
 *                    |---------|------|--------|----->     A, B are eligible
 *
 * The sums are of the threads in the order, not of the one that runs, and
 * relative to `origin`, which follows the mean so that they stay small.
 */
#include "lib/divide.h"
#include "sched/order.h"
#include "sched/scheduler.h"
#include "x86/clock.h"

#define SLICE (3 * (s64)clock_tick_counts)

/* ---- virtual time -------------------------------------------------------- */

static s64 divide_signed(s64 dividend, u32 divisor)
{
    return dividend < 0 ? -(s64)divide_u64((u64)-dividend, divisor, NULL)
                        : (s64)divide_u64((u64)dividend, divisor, NULL);
}

static s64 virtual_span(const struct thread *thread, s64 counts)
{
    return divide_signed(counts * 1024, thread->entity.load);
}

static bool is_fair(const struct run_queue *queue, const struct thread *thread)
{
    return thread != queue->idle && thread->entity.policy == &policy_fair;
}

/* It stands in no order. If it weighs more than when its deadline was set, that
 * comes nearer. */
static void charge(struct thread *thread)
{
    struct schedule_entity *entity = &thread->entity;

    entity->virtual_time += virtual_span(thread, (s64)charge_take(thread));
    entity->key =
        min(entity->key, entity->virtual_time + virtual_span(thread, SLICE));
}

static void sums_add(struct run_queue *queue, const struct thread *thread,
                     s64 sign)
{
    s64 distance = thread->entity.virtual_time - queue->origin;

    queue->weight = (u32)((s64)queue->weight + sign * thread->entity.load);
    queue->moment += sign * distance * thread->entity.load;
}

/* The mean of those in the order and of `one` more. */
static s64 mean_with(const struct run_queue *queue, const struct thread *one)
{
    s64 moment = queue->moment;
    u32 weight = queue->weight;

    if (one) {
        moment +=
            (one->entity.virtual_time - queue->origin) * (s64)one->entity.load;
        weight += one->entity.load;
    }
    return queue->origin + (weight ? divide_signed(moment, weight) : 0);
}

static const struct thread *fair_current(const struct run_queue *queue)
{
    return is_fair(queue, queue->current) &&
                   queue->current->state == THREAD_RUNNING
               ? queue->current
               : NULL;
}

/* Lets the origin follow the mean. */
static void origin_follow(struct run_queue *queue)
{
    s64 step = mean_with(queue, NULL) - queue->origin;

    queue->origin += step;
    queue->moment -= step * queue->weight;
}

/* ---- coming and going ---------------------------------------------------- */

static void fair_start(struct run_queue *queue)
{
    queue->origin = queue->moment = 0;
    queue->weight = 0;
}

static void deadline_set(struct thread *thread)
{
    thread->entity.key =
        thread->entity.virtual_time + virtual_span(thread, SLICE);
}

static void fair_adopt(struct run_queue *queue, struct thread *thread)
{
    thread->entity.virtual_time = mean_with(queue, NULL);
    thread->entity.lag = 0;
    thread->entity.charged = thread->ran;
    deadline_set(thread);
}

static void fair_enqueue(struct run_queue *queue, struct thread *thread,
                         enum arrival how)
{
    struct schedule_entity *entity = &thread->entity;

    if (how == ARRIVES_FROM_AWAY)
        entity->virtual_time =
            mean_with(queue, fair_current(queue)) - entity->lag;
    charge(thread);
    if (how == ARRIVES_FROM_AWAY || entity->virtual_time >= entity->key)
        deadline_set(thread);
    order_add(&queue->order, thread);
    sums_add(queue, thread, +1);
}

static void take_out(struct run_queue *queue, struct thread *thread)
{
    tree_remove(&queue->order, &thread->entity.node);
    sums_add(queue, thread, -1);
}

/* It leaves a queue of which `mean` is the mean. */
static void lag_keep(struct thread *thread, s64 mean)
{
    s64 most = virtual_span(thread, SLICE);
    s64 lag = mean - thread->entity.virtual_time;

    thread->entity.lag = max(-most, min(lag, most));
}

static void fair_dequeue(struct run_queue *queue, struct thread *thread)
{
    lag_keep(thread, mean_with(queue, fair_current(queue)));
    take_out(queue, thread);
}

/* ---- choosing ------------------------------------------------------------ */

static struct thread *fair_find(struct run_queue *queue,
                                const struct wanted *wanted)
{
    return order_find(&queue->order, wanted);
}

static bool is_eligible(const struct run_queue *queue,
                        const struct thread *thread)
{
    s64 distance = thread->entity.virtual_time - queue->origin;
    return distance * (s64)queue->weight <= queue->moment;
}

/* One is always eligible: not all can be ahead of their mean. */
static struct thread *fair_pick(struct run_queue *queue)
{
    struct thread *current = queue->current;
    struct tree_node *node = tree_first(&queue->order);

    if (is_fair(queue, current) && current->state != THREAD_READY) {
        charge(current);
        lag_keep(current, mean_with(queue, current));
    }
    if (!node)
        return NULL;
    origin_follow(queue);
    while (!is_eligible(queue, order_thread(node)) && tree_next(node))
        node = tree_next(node);
    take_out(queue, order_thread(node));
    return order_thread(node);
}

static bool fair_tick(struct run_queue *queue, struct thread *thread)
{
    spin_enter(&queue->lock);
    charge(thread);
    if (queue->weight == 0) /* alone: the origin stays near */
        queue->origin = thread->entity.virtual_time;
    bool over = thread->entity.virtual_time >= thread->entity.key;
    spin_leave(&queue->lock);
    return over && queue->ready_count != 0;
}

static bool fair_preempts(struct run_queue *queue, struct thread *woken)
{
    return is_fair(queue, queue->current) &&
           woken->entity.key < queue->current->entity.key &&
           woken->entity.virtual_time <= mean_with(queue, fair_current(queue));
}

const struct scheduler_policy policy_fair = {
    .name = "fair",
    .gives_shares = true,
    .start = fair_start,
    .adopt = fair_adopt,
    .enqueue = fair_enqueue,
    .dequeue = fair_dequeue,
    .find = fair_find,
    .pick = fair_pick,
    .tick = fair_tick,
    .preempts = fair_preempts,
};
