/*
 * Waiting: wait queues, mutexes, conditions, semaphores, timers.
 */
#include "sched/timer.h"
#include "sched/work_queue.h"
#include "test/test.h"
#include "x86/clock.h"
#include <asm/errno.h>

#define CREW 5u

static struct test_thread crew[CREW];

static void crew_start(void (*function)(void *argument))
{
    for (u32 i = 0; i < CREW; i++)
        test_thread_start(&crew[i], function, (void *)(uintptr_t)i);
}

static void crew_join(void)
{
    for (u32 i = 0; i < CREW; i++)
        test_thread_join(&crew[i]);
}

/* ---- wait queues --------------------------------------------------------- */

static struct spinlock queue_lock;
static struct wait_queue queue;
static u32 order[CREW], order_count; /* queue_lock */
static u32 waiting;                  /* queue_lock */

static void queue_reset(void)
{
    spinlock_initialize(&queue_lock, RANK_DRIVER);
    wait_queue_initialize(&queue, &queue_lock);
    order_count = waiting = 0;
}

static void wait_in_line(void *argument)
{
    spin_lock(&queue_lock);
    waiting++;
    EXPECT_EQUAL(wait_queue_wait(&queue, 0, UNINTERRUPTIBLE), 0);
    order[order_count++] = (u32)(uintptr_t)argument;
    spin_unlock(&queue_lock);
}

static void wait_until_waiting(u32 count)
{
    for (;;) {
        spin_lock(&queue_lock);
        bool reached = waiting == count;
        spin_unlock(&queue_lock);
        if (reached)
            return;
        thread_yield();
    }
}

TEST(wait_queue_order, "who came first is woken first")
{
    queue_reset();
    for (u32 i = 0; i < CREW; i++) {
        test_thread_start(&crew[i], wait_in_line, (void *)(uintptr_t)i);
        wait_until_waiting(i + 1);
    }
    for (u32 i = 0; i < CREW; i++) {
        spin_lock(&queue_lock);
        wait_queue_wake_one(&queue);
        spin_unlock(&queue_lock);
        while (atomic_load(&order_count) != i + 1)
            thread_yield();
    }
    crew_join();
    for (u32 i = 0; i < CREW; i++)
        EXPECT_EQUAL(order[i], i);
}

TEST(wait_queue_wake_all, "one call wakes all who wait")
{
    queue_reset();
    crew_start(wait_in_line);
    wait_until_waiting(CREW);
    spin_lock(&queue_lock);
    wait_queue_wake_all(&queue);
    EXPECT(list_is_empty(&queue.waiters));
    spin_unlock(&queue_lock);
    crew_join();
    EXPECT_EQUAL(order_count, CREW);
}

TEST(wait_timeout, "a wait with a deadline ends then, and not before")
{
    u64 deadline = clock_nanoseconds() + 5 * NANOSECONDS_PER_MILLISECOND;

    queue_reset();
    spin_lock(&queue_lock);
    int result = wait_queue_wait(&queue, deadline, INTERRUPTIBLE);
    EXPECT(list_is_empty(&queue.waiters));
    spin_unlock(&queue_lock);
    EXPECT_EQUAL(result, -ETIMEDOUT);
    EXPECT(clock_nanoseconds() >= deadline);
}

TEST(wait_interrupted, "a thread with work to do does not wait interruptibly")
{
    struct thread *me = current_thread();

    queue_reset();
    me->work = THREAD_WORK_SIGNAL;
    spin_lock(&queue_lock);
    EXPECT_EQUAL(wait_queue_wait(&queue, 0, INTERRUPTIBLE), -EINTR);
    u64 deadline = clock_nanoseconds() + 2 * NANOSECONDS_PER_MILLISECOND;
    EXPECT_EQUAL(wait_queue_wait(&queue, deadline, UNINTERRUPTIBLE),
                 -ETIMEDOUT);
    spin_unlock(&queue_lock);
    me->work = 0;
}

TEST(wait_watcher, "a poller is told, but does not swallow the wake-up")
{
    struct waiter watcher;

    queue_reset();
    test_thread_start(&crew[0], wait_in_line, NULL);
    wait_until_waiting(1);
    waiter_add(&watcher, &queue);
    spin_lock(&queue_lock);
    wait_queue_wake_one(&queue);
    EXPECT(list_is_empty(&queue.waiters));
    spin_unlock(&queue_lock);
    EXPECT(watcher.woken);
    EXPECT(waiter_remove(&watcher));
    test_thread_join(&crew[0]);
}

/* ---- mutexes ------------------------------------------------------------- */

#define ENTRIES 400u

static struct mutex mutex;
static volatile u32 inside, entries;

static void enter_often(void *argument)
{
    for (u32 i = 0; i < ENTRIES; i++) {
        mutex_lock(&mutex);
        EXPECT_EQUAL(inside, 0);
        inside = 1;
        u32 before = entries;
        if (i % 3 == 0)
            thread_yield();
        entries = before + 1;
        inside = 0;
        mutex_unlock(&mutex);
        if (i % 7 == 0)
            thread_yield();
    }
}

TEST(mutex_excludes, "never are two threads inside a mutex")
{
    mutex_initialize(&mutex, RANK_DRIVER);
    inside = entries = 0;
    crew_start(enter_often);
    crew_join();
    EXPECT_EQUAL(entries, CREW * ENTRIES);
    EXPECT_EQUAL(mutex.owner, 0);
}

static void lock_in_line(void *argument)
{
    mutex_lock(&mutex);
    order[order_count++] = (u32)(uintptr_t)argument;
    mutex_unlock(&mutex);
}

static u32 waiters_of_mutex(void)
{
    u32 count = 0;
    struct waiter *waiter;

    spin_lock(&mutex.lock);
    list_for_each (waiter, &mutex.waiters.waiters, link)
        count++;
    spin_unlock(&mutex.lock);
    return count;
}

TEST(mutex_hands_over, "a mutex goes to who has waited longest")
{
    queue_reset();
    mutex_initialize(&mutex, RANK_DRIVER);
    mutex_lock(&mutex);
    for (u32 i = 0; i < CREW; i++) {
        test_thread_start(&crew[i], lock_in_line, (void *)(uintptr_t)i);
        while (waiters_of_mutex() != i + 1)
            thread_yield();
    }
    mutex_unlock(&mutex);
    EXPECT(!mutex_is_mine(&mutex));
    crew_join();
    for (u32 i = 0; i < CREW; i++)
        EXPECT_EQUAL(order[i], i);
    EXPECT(mutex_owner(&mutex) == NULL);
}

/* ---- conditions and semaphores ------------------------------------------- */

#define ITEMS 600u
#define SLOTS 4u

static struct condition not_full, not_empty;
static u32 slots[SLOTS], put, taken, sum; /* mutex */

static void item_put(u32 item)
{
    mutex_lock(&mutex);
    while (put - taken == SLOTS)
        condition_wait(&not_full, &mutex, 0, UNINTERRUPTIBLE);
    slots[put++ % SLOTS] = item;
    condition_signal(&not_empty);
    mutex_unlock(&mutex);
}

static void take_items(void *argument)
{
    for (u32 i = 0; i < ITEMS / CREW; i++) {
        mutex_lock(&mutex);
        while (put == taken)
            condition_wait(&not_empty, &mutex, 0, UNINTERRUPTIBLE);
        sum += slots[taken++ % SLOTS];
        condition_signal(&not_full);
        mutex_unlock(&mutex);
    }
}

TEST(condition_buffer, "a bounded buffer loses and doubles nothing")
{
    mutex_initialize(&mutex, RANK_DRIVER);
    condition_initialize(&not_full);
    condition_initialize(&not_empty);
    put = taken = sum = 0;
    crew_start(take_items);
    for (u32 i = 1; i <= ITEMS; i++)
        item_put(i);
    crew_join();
    EXPECT_EQUAL(taken, ITEMS);
    EXPECT_EQUAL(sum, ITEMS * (ITEMS + 1) / 2);
}

TEST(condition_timeout, "a condition that stays false ends the wait in time")
{
    u64 deadline = clock_nanoseconds() + 3 * NANOSECONDS_PER_MILLISECOND;

    mutex_initialize(&mutex, RANK_DRIVER);
    condition_initialize(&not_empty);
    mutex_lock(&mutex);
    EXPECT_EQUAL(condition_wait(&not_empty, &mutex, deadline, UNINTERRUPTIBLE),
                 -ETIMEDOUT);
    EXPECT(mutex_is_mine(&mutex));
    mutex_unlock(&mutex);
    EXPECT(clock_nanoseconds() >= deadline);
}

#define PLACES 2u

static struct semaphore places;
static volatile u32 seated, seated_most;

static void sit_down(void *argument)
{
    for (u32 i = 0; i < 50; i++) {
        semaphore_down(&places);
        u32 now = atomic_add(&seated, 1) + 1;
        seated_most = max(seated_most, now);
        if (i == 0)
            test_sleep(1); /* until somebody else sits, too */
        else
            thread_yield();
        atomic_decrement(&seated);
        semaphore_up(&places);
    }
}

TEST(semaphore_counts, "a semaphore lets in as many as it counts")
{
    semaphore_initialize(&places, PLACES);
    seated = seated_most = 0;
    crew_start(sit_down);
    crew_join();
    EXPECT_EQUAL(seated_most, PLACES);
    EXPECT_EQUAL(places.count, PLACES);
    EXPECT(semaphore_try_down(&places));
    EXPECT(semaphore_try_down(&places));
    EXPECT(!semaphore_try_down(&places));
}

/* ---- timers -------------------------------------------------------------- */

#define TIMERS 100u

static struct alarm_clock {
    struct timer timer;
    u64 rang_at; /* 0: not yet */
    u32 rang_as; /* the how many-th */
} clocks[TIMERS];
static volatile u32 rung;

static void clock_ring(struct timer *timer)
{
    struct alarm_clock *clock = container_of(timer, struct alarm_clock, timer);

    clock->rang_at = clock_nanoseconds();
    clock->rang_as = rung++;
}

TEST(timer_order, "timers ring in the order of their deadlines, never early")
{
    u32 state = 1;
    u64 now = clock_nanoseconds();

    rung = 0;
    for (u32 i = 0; i < TIMERS; i++) {
        clocks[i].rang_at = 0;
        timer_initialize(&clocks[i].timer, clock_ring);
        timer_set(&clocks[i].timer,
                  now + 5000000 + test_random(&state) % 20000000);
    }
    while (rung < TIMERS)
        test_sleep(5);
    for (u32 i = 0; i < TIMERS; i++) {
        EXPECT(clocks[i].rang_at >= clocks[i].timer.deadline);
        for (u32 j = 0; j < i; j++)
            if (clocks[i].timer.deadline < clocks[j].timer.deadline)
                EXPECT(clocks[i].rang_as < clocks[j].rang_as);
    }
}

TEST(timer_cancel,
     "a cancelled timer never rings; a timer set again rings once")
{
    u64 soon = clock_nanoseconds() + 3 * NANOSECONDS_PER_MILLISECOND;

    rung = 0;
    /* However long the host takes over these lines, no tick comes between. */
    cpu_interrupts_disable();
    for (u32 i = 0; i < 3; i++) {
        timer_initialize(&clocks[i].timer, clock_ring);
        timer_set(&clocks[i].timer, soon);
    }
    bool cancelled = timer_cancel(&clocks[1].timer);
    bool again = timer_cancel(&clocks[1].timer);
    timer_set(&clocks[2].timer, soon + NANOSECONDS_PER_MILLISECOND);
    cpu_interrupts_enable();
    EXPECT(cancelled && !again);
    while (rung < 2)
        test_sleep(1);
    test_sleep(10);
    EXPECT_EQUAL(rung, 2);
    EXPECT(!timer_cancel(&clocks[0].timer));
    EXPECT(!timer_cancel(&clocks[2].timer));
}

/* ---- work for later ------------------------------------------------------ */

#define WORKS 20u

static struct counted_work {
    struct work work;
    u32 runs, ran_as;
    bool again;
} works[WORKS];
static volatile u32 works_run;

static void work_count(struct work *work)
{
    struct counted_work *one = container_of(work, struct counted_work, work);

    EXPECT(cpu_interrupts_enabled());
    test_sleep(1);
    one->ran_as = works_run;
    if (one->again && one->runs == 0)
        work_add(work);
    one->runs++;
    works_run++;
}

static void work_from_timer(struct timer *timer)
{
    for (u32 i = 0; i < WORKS; i++)
        work_add(&works[i].work);
}

TEST(work_queue, "work from an interrupt is done by a thread that may sleep, "
                 "once, in order, and again where it asks for that")
{
    struct timer timer;

    works_run = 0;
    for (u32 i = 0; i < WORKS; i++) {
        works[i] = (struct counted_work){.again = i == 0};
        work_initialize(&works[i].work, work_count);
    }
    timer_initialize(&timer, work_from_timer);
    timer_set(&timer, clock_nanoseconds() + 2000000);
    while (works_run == 0)
        test_sleep(1);
    work_add(&works[WORKS - 1].work); /* waits already */
    while (works_run < WORKS + 1)
        test_sleep(1);
    test_sleep(5);
    EXPECT_EQUAL(works_run, WORKS + 1);
    EXPECT_EQUAL(works[0].runs, 2);
    EXPECT_EQUAL(works[0].ran_as, WORKS);
    for (u32 i = 1; i < WORKS; i++) {
        EXPECT_EQUAL(works[i].runs, 1);
        EXPECT_EQUAL(works[i].ran_as, i);
    }
    EXPECT(!timer_cancel(&timer));
}
