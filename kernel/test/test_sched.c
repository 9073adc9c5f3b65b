/*
 * Threads and the scheduler: switching, preemption, parking, endings.
 */
#include "core/cpu.h"
#include "sched/busy.h"
#include "test/test.h"
#include "x86/clock.h"
#include "x86/page_table.h"

/* ---- taking turns -------------------------------------------------------- */

#define TURNS 1000u

static volatile u32 turns[2], preempted[2];
static volatile u32 widest_gap;
static volatile bool begun;

static void take_turns(void *argument)
{
    u32 me = (u32)(uintptr_t)argument;

    while (!begun)
        thread_yield();
    for (u32 i = 0; i < TURNS; i++) {
        turns[me]++;
        u32 other = turns[1 - me];
        if (other != 0 && other < TURNS && turns[me] > other)
            widest_gap = max(widest_gap, turns[me] - other);
        thread_yield();
    }
    preempted[me] = (u32)current_thread()->switches_suffered;
}

TEST(yield_takes_turns, "two threads of one CPU that yield all the time run "
                        "by turns")
{
    struct test_thread threads[2];

    turns[0] = turns[1] = widest_gap = 0;
    begun = false;
    for (u32 i = 0; i < 2; i++) {
        test_thread_start(&threads[i], take_turns, (void *)(uintptr_t)i);
        thread_set_affinity(threads[i].thread, 1);
        while (*(struct cpu *volatile *)&threads[i].thread->cpu != &cpus[0])
            thread_yield();
    }
    begun = true;
    for (u32 i = 0; i < 2; i++)
        test_thread_join(&threads[i]);
    EXPECT_EQUAL(turns[0], TURNS);
    EXPECT_EQUAL(turns[1], TURNS);
    /* A preemption costs a thread one of its turns. */
    EXPECT(widest_gap <= 2 + preempted[0] + preempted[1]);
}

TEST(yield_alone, "a yield with nobody else ready comes straight back")
{
    u64 before = stack_base()->cpu->switches;

    for (u32 i = 0; i < 100; i++)
        thread_yield();
    EXPECT(stack_base()->cpu->switches - before < 20);
}

/* ---- preemption ---------------------------------------------------------- */

static volatile bool stop;
static volatile u32 rounds[2];

static void run_busily(void *argument)
{
    volatile u32 *count = argument;

    while (!stop)
        (*count)++;
}

TEST_CHECKPOINT(preemption, both_ran);

TEST(preemption, "two threads that never yield both get on, and so do others")
{
    struct test_thread threads[2];

    stop = false;
    rounds[0] = rounds[1] = 0;
    for (u32 i = 0; i < 2; i++)
        test_thread_start(&threads[i], run_busily, (void *)&rounds[i]);
    while (rounds[0] == 0 || rounds[1] == 0)
        test_sleep(1);
    CHECKPOINT("both ran");
    u32 seen[2] = {rounds[0], rounds[1]};
    while (rounds[0] == seen[0] || rounds[1] == seen[1])
        test_sleep(1);
    stop = true;
    for (u32 i = 0; i < 2; i++)
        test_thread_join(&threads[i]);
    EXPECT(threads[0].thread != threads[1].thread);
}

TEST(preempt_disable_holds, "no switch comes while preemption is disabled")
{
    struct test_thread thread;

    stop = false;
    rounds[0] = 0;
    thread_set_affinity(current_thread(), 1);
    test_thread_start(&thread, run_busily, (void *)&rounds[0]);
    thread_set_affinity(thread.thread, 1);
    while (rounds[0] == 0)
        thread_yield();
    test_sleep(2); /* it has moved here by now */
    preempt_disable();
    u32 seen = rounds[0];
    u64 end = clock_nanoseconds() + 30 * NANOSECONDS_PER_MILLISECOND;
    while (clock_nanoseconds() < end)
        cpu_pause();
    EXPECT_EQUAL(rounds[0], seen);
    preempt_enable();
    while (rounds[0] == seen)
        thread_yield();
    stop = true;
    test_thread_join(&thread);
    thread_set_affinity(current_thread(), CPU_ALL);
}

#define MOVERS 4u

static void toggle_preemption(void *argument)
{
    while (!stop) {
        preempt_disable();
        preempt_enable();
    }
}

TEST(preempt_disable_moves, "who is moved to another CPU just then is counted "
                            "right: the scheduler would panic")
{
    struct test_thread threads[MOVERS];
    u32 random = 1;

    stop = false;
    for (u32 i = 0; i < MOVERS; i++)
        test_thread_start(&threads[i], toggle_preemption, NULL);
    u64 end = clock_nanoseconds() + 300 * NANOSECONDS_PER_MILLISECOND;
    for (u32 round = 0; clock_nanoseconds() < end; round++) {
        u32 cpu = test_random(&random) % cpu_count;
        thread_set_affinity(threads[round % MOVERS].thread, 1u << cpu);
        thread_yield();
    }
    stop = true;
    for (u32 i = 0; i < MOVERS; i++)
        test_thread_join(&threads[i]);
}

#define SPREAD 9u

/* Busy threads, each on the CPUs of its mask, till the caller says stop. */
static void crowd_start(struct test_thread *crowd, u32 first, u32 last,
                        u32 affinity)
{
    for (u32 i = first; i < last; i++) {
        test_thread_start(&crowd[i], run_busily, (void *)&rounds[0]);
        thread_set_affinity(crowd[i].thread, affinity);
    }
}

/* Waits, at most a second, until so many of the threads are on a CPU. */
static bool spreads(struct test_thread *crowd, u32 first, u32 last, u32 cpu,
                    u32 wanted)
{
    for (u32 tries = 0; tries < 500; tries++) {
        u32 found = 0;

        test_sleep(2);
        for (u32 i = first; i < last; i++)
            found += crowd[i].thread->cpu->index == cpu;
        if (found == wanted)
            return true;
    }
    return false;
}

TEST(balance_spreads, "threads spread over the CPUs where they may run, be "
                      "others idle or full of threads that must stay")
{
    static struct test_thread crowd[SPREAD];

    stop = false;
    thread_set_affinity(current_thread(), 2); /* it wakes no other CPU */
    crowd_start(crowd, 0, 2, 1);
    test_sleep(5);
    for (u32 i = 0; i < 2; i++)
        thread_set_affinity(crowd[i].thread, 1 | 8);
    EXPECT(spreads(crowd, 0, 2, 3, 1));
    thread_set_affinity(current_thread(), 8);
    crowd_start(crowd, 2, 5, 1);
    crowd_start(crowd, 5, 8, 2);
    crowd_start(crowd, 8, 9, 4);
    test_sleep(5);
    for (u32 i = 5; i < 9; i++)
        thread_set_affinity(crowd[i].thread, 2 | 4);
    EXPECT(spreads(crowd, 5, 9, 2, 2));
    stop = true;
    for (u32 i = 0; i < SPREAD; i++)
        test_thread_join(&crowd[i]);
    thread_set_affinity(current_thread(), CPU_ALL);
}

/* ---- parking ------------------------------------------------------------- */

TEST(park_permit, "an unpark that comes before the park is kept, once")
{
    thread_unpark(current_thread());
    thread_unpark(current_thread());
    thread_park();
    u64 start = clock_nanoseconds();
    thread_park_until(start + 3 * NANOSECONDS_PER_MILLISECOND);
    EXPECT(clock_nanoseconds() >= start + 3 * NANOSECONDS_PER_MILLISECOND);
}

#define RING   8u
#define ROUNDS 500u

static struct {
    struct test_thread threads[RING];
    struct thread *members[RING];
    volatile u32 holder;
    volatile u32 passed;
} ring;

static void pass_on(void *argument)
{
    u32 me = (u32)(uintptr_t)argument;

    for (u32 i = 0; i < ROUNDS; i++) {
        while (ring.holder != me)
            thread_park();
        ring.passed++;
        u32 next = (me + 1) % RING;
        ring.holder = next;
        thread_unpark(ring.members[next]);
    }
}

static void ring_member(void *argument)
{
    u32 me = (u32)(uintptr_t)argument;

    ring.members[me] = current_thread();
    while (ring.holder == RING)
        thread_park();
    pass_on(argument);
}

TEST(park_stress, "a token goes round a ring of threads and is never lost")
{
    ring.holder = RING;
    ring.passed = 0;
    for (u32 i = 0; i < RING; i++) {
        ring.members[i] = NULL;
        test_thread_start(&ring.threads[i], ring_member, (void *)(uintptr_t)i);
    }
    for (u32 i = 0; i < RING; i++) {
        while (!ring.members[i])
            thread_yield();
        thread_get(ring.members[i]); /* unparked even after its end */
    }
    ring.holder = 0;
    for (u32 i = 0; i < RING; i++)
        thread_unpark(ring.members[i]);
    for (u32 i = 0; i < RING; i++)
        test_thread_join(&ring.threads[i]);
    for (u32 i = 0; i < RING; i++)
        thread_put(ring.members[i]);
    EXPECT_EQUAL(ring.passed, RING * ROUNDS);
}

/* ---- beginnings and ends ------------------------------------------------- */

static volatile u32 born;

static void be_born(void *argument)
{
    atomic_increment(&born);
}

TEST(threads_in_a_row, "a thousand threads, one after the other, leave nothing")
{
    born = 0;
    for (u32 i = 0; i < 1000; i++) {
        struct test_thread thread;

        if (!test_thread_start(&thread, be_born, NULL))
            return;
        test_thread_join(&thread);
    }
    EXPECT_EQUAL(born, 1000);
}

#define CROWD 200u

static struct semaphore gate;

static void wait_at_gate(void *argument)
{
    semaphore_down(&gate);
    atomic_increment(&born);
}

TEST(threads_at_once, "two hundred threads at once all run and leave nothing")
{
    static struct test_thread crowd[CROWD];
    u32 before = thread_count();

    born = 0;
    semaphore_initialize(&gate, 0);
    for (u32 i = 0; i < CROWD; i++)
        test_thread_start(&crowd[i], wait_at_gate, NULL);
    EXPECT_EQUAL(thread_count(), before + CROWD);
    for (u32 i = 0; i < CROWD; i++)
        semaphore_up(&gate);
    for (u32 i = 0; i < CROWD; i++)
        test_thread_join(&crowd[i]);
    EXPECT_EQUAL(born, CROWD);
}

static void ignore(struct thread *thread)
{
}

TEST(thread_abandon, "a thread that was never started leaves nothing")
{
    static struct thread thread;

    EXPECT_EQUAL(thread_prepare(&thread, "never", be_born, NULL, ignore), 0);
    EXPECT_EQUAL(thread.state, THREAD_NEW);
    thread_abandon(&thread);
}

TEST(stack_guard, "below every kernel stack lies a page that is not mapped")
{
    u32 base = (u32)(uintptr_t)stack_base();

    for (u32 address = base - STACK_SIZE; address < base; address += PAGE_SIZE)
        EXPECT_EQUAL(*page_table_find(&kernel_page_table, address), 0);
    EXPECT(*page_table_find(&kernel_page_table, base) != 0);
}

/* ---- time ---------------------------------------------------------------- */

TEST(idle_counts, "while everyone sleeps the idle threads get the time")
{
    u64 busy, idle_before, idle_after;

    busy_times(&busy, &idle_before);
    test_sleep(50);
    busy_times(&busy, &idle_after);
    EXPECT(idle_after - idle_before >= 45ull * NANOSECONDS_PER_TICK);
}

struct holder {
    struct page_table page_table;
    struct semaphore ready, go_on;
};

static void hold_page_table(void *argument)
{
    struct holder *holder = argument;

    thread_set_affinity(current_thread(), 1u << 1);
    thread_use_page_table(&holder->page_table);
    semaphore_up(&holder->ready);
    semaphore_down(&holder->go_on);
    thread_use_page_table(NULL);
}

TEST_CPUS(balance_spreads, 4);
TEST_CPUS(idle_page_table, 2);
TEST(idle_page_table, "nobody who changes a page table waits for an idle CPU: "
                      "it has let go of it")
{
    static struct holder holder;
    struct test_thread thread;

    EXPECT_EQUAL(page_table_create(&holder.page_table), 0);
    semaphore_initialize(&holder.ready, 0);
    semaphore_initialize(&holder.go_on, 0);
    test_thread_start(&thread, hold_page_table, &holder);
    semaphore_down(&holder.ready);
    for (u32 i = 0; i < 1000 && holder.page_table.cpus != 0; i++)
        test_sleep(1);
    EXPECT_EQUAL(holder.page_table.cpus, 0);
    semaphore_up(&holder.go_on);
    test_thread_join(&thread);
    page_table_destroy(&holder.page_table);
}

TEST(clock_goes_on, "the clock never goes back")
{
    u64 last = clock_nanoseconds();

    for (u32 i = 0; i < 10000; i++) {
        u64 now = clock_nanoseconds();
        EXPECT(now >= last);
        last = now;
    }
}
