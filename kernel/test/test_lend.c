/*
 * Who waits for a mutex lends its priority to the owner. The test directs a
 * cast of threads: each takes its locks, then gives one back at every nod. The
 * test itself is more important than all of them, so between two of its steps
 * they have come as far as they can.
 */
#include "sched/lend.h"
#include "lib/divide.h"
#include "sched/scheduler.h"
#include "test/test.h"
#include "x86/clock.h"
#include <asm/errno.h>

#define CAST  8u
#define LOCKS 8u
#define MOST  (PRIORITY_NICE_MAX + 99)
#define NONE  LOCKS

static struct mutex locks[LOCKS]; /* the last has the highest rank */

static struct actor {
    struct test_thread test;
    struct semaphore begin, nod;
    u32 takes[2];   /* in this order, or NONE */
    u32 returns[2]; /* likewise */
} cast[CAST];

static u32 order[2 * CAST], order_count;

static void order_is(u32 count, const u32 *wanted)
{
    EXPECT_EQUAL(order_count, count);
    for (u32 i = 0; i < count; i++)
        EXPECT_EQUAL(order[i], wanted[i]);
}

#define ORDER_IS(...)                                                          \
    order_is(sizeof((u32[]){__VA_ARGS__}) / sizeof(u32), (u32[]){__VA_ARGS__})

static void order_note(const struct actor *actor)
{
    order[order_count++] = (u32)(actor - cast);
}

static void act(void *argument)
{
    struct actor *actor = argument;

    semaphore_down(&actor->begin);
    for (u32 i = 0; i < 2; i++)
        if (actor->takes[i] != NONE)
            mutex_lock(&locks[actor->takes[i]]);
    order_note(actor);
    for (u32 i = 0; i < 2; i++) {
        if (actor->returns[i] == NONE)
            continue;
        semaphore_down(&actor->nod);
        mutex_unlock(&locks[actor->returns[i]]);
    }
}

static void stage_begin(const char *policy)
{
    thread_set_affinity(current_thread(), 1);
    thread_set_priority(current_thread(), MOST, true);
    EXPECT_EQUAL(scheduler_choose(policy), 0);
    for (u32 i = 0; i < LOCKS; i++)
        mutex_initialize(&locks[i], (enum lock_rank)(RANK_DRIVER - 7 + i));
    order_count = 0;
}

static void stage_end(void)
{
    thread_set_priority(current_thread(), PRIORITY_NORMAL, true);
    thread_set_affinity(current_thread(), CPU_ALL);
    scheduler_choose("rr");
    for (u32 i = 0; i < LOCKS; i++)
        EXPECT(mutex_owner(&locks[i]) == NULL);
}

static void let_come(const struct actor *actor)
{
    do
        test_sleep(1);
    while (actor->test.thread->state != THREAD_PARKED);
}

/* A thread that does `function`, on the test's CPU, once it is told. */
static struct actor *hire(u32 number, u32 priority,
                          void (*function)(void *argument))
{
    struct actor *actor = &cast[number];

    semaphore_initialize(&actor->begin, 0);
    semaphore_initialize(&actor->nod, 0);
    test_thread_start(&actor->test, function, actor);
    thread_set_affinity(actor->test.thread, 1);
    thread_set_priority(actor->test.thread, priority, true);
    return actor;
}

/* It takes `first`, then `second`, and gives them back the other way round. */
static void enter(u32 number, u32 priority, u32 first, u32 second)
{
    struct actor *actor = hire(number, priority, act);

    actor->takes[0] = actor->returns[1] = first;
    actor->takes[1] = actor->returns[0] = second;
    semaphore_up(&actor->begin);
    let_come(actor);
}

static void nod(u32 number)
{
    semaphore_up(&cast[number].nod);
    test_sleep(1);
}

static void leave(u32 count)
{
    for (u32 i = 0; i < count; i++) {
        semaphore_down(&cast[i].test.done);
        EXPECT_EQUAL(cast[i].test.thread->priority,
                     cast[i].test.thread->own_priority);
        EXPECT(cast[i].test.thread->lender == NULL);
        semaphore_up(&cast[i].test.done);
        test_thread_join(&cast[i].test);
    }
}

static u32 counts(u32 number)
{
    return cast[number].test.thread->priority;
}

/* ---- who lends to whom --------------------------------------------------- */

TEST(lend_one, "an owner counts as its most important waiter until it unlocks")
{
    stage_begin("prio");
    enter(0, 21, 0, NONE);
    enter(1, 32, 0, NONE);
    EXPECT_EQUAL(counts(0), 32);
    enter(2, 33, 0, NONE);
    EXPECT_EQUAL(counts(0), 33);
    enter(3, 15, 0, NONE);
    EXPECT_EQUAL(counts(0), 33);
    nod(0);
    nod(2);
    EXPECT_EQUAL(counts(1), 32);
    nod(1);
    nod(3);
    ORDER_IS(0, 2, 1, 3);
    leave(4);
    stage_end();
}

static void lend_many(bool higher_first)
{
    stage_begin("prio");
    enter(0, 21, 1, 0);
    enter(1, higher_first ? 32 : 33, 1, NONE);
    enter(2, higher_first ? 33 : 32, 0, NONE);
    EXPECT_EQUAL(counts(0), 33);
    nod(0);
    EXPECT_EQUAL(counts(0), higher_first ? 32 : 33);
    nod(0);
    nod(1);
    nod(2);
    leave(3);
    stage_end();
}

TEST(lend_many, "who gives back one mutex of two keeps what the other brings")
{
    lend_many(true);
    lend_many(false);
}

TEST(lend_nested, "an owner that waits passes on what it is lent")
{
    stage_begin("prio");
    enter(0, 21, 0, NONE);
    enter(1, 32, 1, 0);
    EXPECT_EQUAL(counts(0), 32);
    enter(2, 33, 1, NONE);
    EXPECT_EQUAL(counts(0), 33);
    EXPECT_EQUAL(counts(1), 33);
    nod(0);
    EXPECT_EQUAL(counts(1), 33);
    nod(1);
    EXPECT_EQUAL(counts(1), 33);
    nod(1);
    nod(2);
    ORDER_IS(0, 1, 2);
    leave(3);
    stage_end();
}

TEST(lend_chain, "a loan goes along a chain of eight, and back")
{
    stage_begin("prio");
    enter(0, 20, 0, NONE);
    for (u32 i = 1; i < CAST - 1; i++)
        enter(i, 20 + i, i, i - 1);
    enter(CAST - 1, 40, CAST - 2, NONE);
    for (u32 i = 0; i < CAST; i++)
        EXPECT_EQUAL(counts(i), 40);
    nod(0);
    for (u32 i = 1; i < CAST - 1; i++) {
        EXPECT_EQUAL(counts(i), 40);
        nod(i);
        nod(i);
    }
    nod(CAST - 1);
    ORDER_IS(0, 1, 2, 3, 4, 5, 6, 7);
    leave(CAST);
    stage_end();
}

TEST(lend_lower, "a priority of one's own that changes under a loan counts "
                 "when it is the higher, and else afterwards")
{
    stage_begin("prio");
    enter(0, 21, 0, NONE);
    enter(1, 32, 0, NONE);
    thread_set_priority(cast[0].test.thread, 15, true);
    EXPECT_EQUAL(counts(0), 32);
    thread_set_priority(cast[0].test.thread, 38, true);
    EXPECT_EQUAL(counts(0), 38);
    thread_set_priority(cast[0].test.thread, 16, true);
    EXPECT_EQUAL(counts(0), 32);
    nod(0);
    nod(1);
    leave(2);
    stage_end();
}

TEST(lend_follows, "a waiter whose priority changes lends the new one, and is "
                   "served by it")
{
    stage_begin("prio");
    enter(0, 21, 0, NONE);
    enter(1, 32, 0, NONE);
    enter(2, 30, 0, NONE);
    thread_set_priority(cast[1].test.thread, 25, true);
    EXPECT_EQUAL(counts(0), 30);
    thread_set_priority(cast[2].test.thread, 39, true);
    EXPECT_EQUAL(counts(0), 39);
    nod(0);
    thread_set_priority(cast[1].test.thread, 40, true);
    EXPECT_EQUAL(counts(2), 40);
    nod(2);
    nod(1);
    ORDER_IS(0, 2, 1);
    leave(3);
    stage_end();
}

/* ---- giving up ----------------------------------------------------------- */

static u64 deadline;
static int given_up;

static void wait_in_vain(void *argument)
{
    struct actor *actor = argument;
    struct waiter waiter;

    semaphore_down(&actor->begin);
    mutex_enter(&locks[0], &waiter);
    given_up = mutex_wait(&locks[0], &waiter, deadline);
    current_thread()->work = 0;
}

static void give_up(u64 at, bool killed)
{
    stage_begin("prio");
    enter(0, 21, 0, NONE);
    enter(1, 25, 0, NONE);
    deadline = at;
    semaphore_up(&hire(2, 33, wait_in_vain)->begin);
    let_come(&cast[2]);
    EXPECT_EQUAL(counts(0), 33);
    cast[2].test.thread->work = killed ? THREAD_WORK_SIGNAL : 0;
    thread_unpark(cast[2].test.thread);
    if (!killed)
        thread_sleep_until(deadline);
    test_sleep(2);
    EXPECT_EQUAL(given_up, killed ? -EINTR : -ETIMEDOUT);
    EXPECT_EQUAL(counts(0), 25);
    nod(0);
    nod(1);
    leave(3);
    stage_end();
}

TEST(lend_given_up, "who no longer waits, for a timeout or a signal, takes "
                    "back what it has lent")
{
    give_up(0, true);
    give_up(clock_nanoseconds() + 30 * NANOSECONDS_PER_MILLISECOND, false);
}

/* ---- who is woken -------------------------------------------------------- */

static struct semaphore units;
static struct condition changed;

static void wait_for_unit(void *argument)
{
    struct actor *actor = argument;

    semaphore_down(&actor->begin);
    semaphore_down(&units);
    order_note(actor);
}

static void wait_for_change(void *argument)
{
    struct actor *actor = argument;

    semaphore_down(&actor->begin);
    mutex_lock(&locks[0]);
    condition_wait(&changed, &locks[0], 0, UNINTERRUPTIBLE);
    order_note(actor);
    mutex_unlock(&locks[0]);
}

static void wake_in_order(const char *policy, const u32 *priorities,
                          void (*wait)(void *argument), bool at_once)
{
    stage_begin(policy);
    semaphore_initialize(&units, 0);
    condition_initialize(&changed);
    for (u32 i = 0; i < 4; i++) {
        semaphore_up(&hire(i, priorities[i], wait)->begin);
        let_come(&cast[i]);
    }
    for (u32 i = 0; i < 4; i++) {
        if (wait == wait_for_unit)
            semaphore_up(&units);
        else if (!at_once)
            condition_signal(&changed);
        else if (i == 0)
            condition_broadcast(&changed);
        test_sleep(at_once ? 0 : 1);
    }
    test_sleep(1);
    leave(4);
    stage_end();
}

TEST(wake_order, "semaphores and conditions wake the most important first; "
                 "where nice values do not count, the first of equals")
{
    static const u32 nice[] = {22, 30, 25, 30}, real[] = {30, 50, 20, 60};

    for (u32 i = 0; i < 3; i++) {
        void (*wait)(void *argument) = i ? wait_for_change : wait_for_unit;
        wake_in_order("prio", nice, wait, i == 2);
        ORDER_IS(1, 3, 2, 0);
        wake_in_order("prio", real, wait, i == 2);
        ORDER_IS(3, 1, 0, 2);
    }
    wake_in_order("fair", real, wait_for_unit, false);
    ORDER_IS(3, 1, 0, 2);
    wake_in_order("fair", nice, wait_for_unit, false);
    ORDER_IS(0, 1, 2, 3);
}

/* ---- what it is for ------------------------------------------------------ */

#define WORK_MILLISECONDS 4u

static volatile bool stop;
static u64 got_at;

static void work_busily(void *argument)
{
    semaphore_down(&((struct actor *)argument)->begin);
    while (!stop)
        ;
}

/* Needs the processor for so long while it holds the mutex. */
static void hold_busily(void *argument)
{
    const volatile u64 *ticks = &current_thread()->kernel_ticks;

    mutex_lock(&locks[0]);
    semaphore_down(&((struct actor *)argument)->begin);
    u64 start = *ticks;
    while (*ticks - start < WORK_MILLISECONDS)
        ;
    mutex_unlock(&locks[0]);
}

static void take_and_tell(void *argument)
{
    semaphore_down(&((struct actor *)argument)->begin);
    mutex_lock(&locks[0]);
    got_at = clock_nanoseconds();
    mutex_unlock(&locks[0]);
}

/* Milliseconds that `high` waits for a mutex of `low` while two of `middle`
 * compute; at most 60, then those stop. */
static u32 wait_measure(const char *policy, u32 low, u32 middle, u32 high)
{
    stage_begin(policy);
    stop = false;
    got_at = 0;
    hire(0, low, hold_busily);
    let_come(&cast[0]);
    hire(1, middle, work_busily);
    hire(2, middle, work_busily);
    hire(3, high, take_and_tell);
    for (u32 i = 0; i < 4; i++)
        let_come(&cast[i]);
    u64 began = clock_nanoseconds();
    for (u32 i = 1; i <= 4; i++)
        semaphore_up(&cast[i % 4].begin);
    test_sleep(60);
    u64 until = got_at ? got_at : clock_nanoseconds();
    stop = true;
    test_sleep(WORK_MILLISECONDS + 4);
    leave(4);
    stage_end();
    return (u32)divide_u64(until - began, NANOSECONDS_PER_MILLISECOND, NULL);
}

TEST_TIMED(lend_inversion);
TEST(lend_inversion, "under every policy a real-time thread waits for a mutex "
                     "no longer than its owner works")
{
    const struct scheduler_policy *policy;

    for (u32 i = 0; (policy = scheduler_policy_at(i)) != NULL; i++) {
        EXPECT(wait_measure(policy->name, 20, 20, 50) <= WORK_MILLISECONDS + 2);
        EXPECT(wait_measure(policy->name, 41, 45, 50) <= WORK_MILLISECONDS + 2);
    }
    EXPECT(wait_measure("prio", 20, 25, 30) <= WORK_MILLISECONDS + 2);
    EXPECT(wait_measure("prio", 20, 30, 25) >= 60);
}

TEST_TIMED(lend_weight);
TEST(lend_weight, "where a priority is a share, the share is lent")
{
    EXPECT(wait_measure("fair", 1, 20, 40) <= 2 * WORK_MILLISECONDS + 2);
    EXPECT(wait_measure("fair", 1, 20, 1) >= 60);
}

#define ROUNDS 300u

static volatile u32 inside[LOCKS];

static void lock_at_random(void *argument)
{
    u32 state = (u32)((struct actor *)argument - cast);

    for (u32 i = 0; i < ROUNDS; i++) {
        u32 high = 1 + test_random(&state) % (LOCKS - 1);
        u32 low = test_random(&state) % high;

        mutex_lock(&locks[high]);
        mutex_lock(&locks[low]);
        EXPECT_EQUAL(atomic_add(&inside[low], 1), 0);
        if (i % 4 == 0)
            thread_yield();
        if (i % 64 == 0)
            test_sleep(1);
        atomic_decrement(&inside[low]);
        mutex_unlock(&locks[high]);
        mutex_unlock(&locks[low]);
    }
}

TEST(lend_stress, "whatever is lent while priorities and policies change, "
                  "nothing is left of it")
{
    u32 state = 7;

    stage_begin("prio");
    for (u32 i = 0; i < CAST; i++) {
        hire(i, 20, lock_at_random);
        thread_set_affinity(cast[i].test.thread, CPU_ALL);
    }
    for (u32 i = 0; i < 100; i++) {
        EXPECT_EQUAL(scheduler_choose(scheduler_policy_at(i % 5)->name), 0);
        for (u32 j = 0; j < CAST; j++)
            thread_set_priority(cast[j].test.thread,
                                1 + test_random(&state) % 60,
                                test_random(&state) % 2);
        test_sleep(1);
    }
    leave(CAST);
    stage_end();
}
