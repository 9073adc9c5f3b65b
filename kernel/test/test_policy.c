/*
 * The policies keep their promises, in numbers: shares, bounds, orders. Busy
 * threads share one CPU.
 */
#include "sched/order.h"
#include "test/test_workers.h"
#include "x86/clock.h"

/* ---- shares -------------------------------------------------------------- */

/* Three busy threads get time as their weights stand to each other: within 3 %
 * of each one's part, or a turn, where that is more. */
static void shares_check(const char *policy)
{
    static const u32 priorities[] = {25, 20, 10};
    u32 ticks[WORKERS], weights = 0;

    policy_begin(policy);
    for (u32 i = 0; i < array_count(priorities); i++) {
        worker_start(i, priorities[i], true);
        weights += priority_weight(priorities[i]);
    }
    test_sleep(100);
    u32 total = ticks_measure(array_count(priorities), SPAN, ticks);
    for (u32 i = 0; i < array_count(priorities); i++) {
        u32 wanted = total * priority_weight(priorities[i]) / weights;
        u32 off = max(ticks[i], wanted) - min(ticks[i], wanted);
        if (off > max(wanted * 3 / 100, scheduler_quantum))
            test_failed(__FILE__, __LINE__, "wanted %u ticks, got %u", wanted,
                        ticks[i]);
    }
    policy_end(array_count(priorities));
}

TEST(weights, "a step of the nice value is a quarter more")
{
    EXPECT_EQUAL(priority_weight(20), 1024);
    EXPECT_EQUAL(priority_weight(21), 1280);
    EXPECT_EQUAL(priority_weight(25), 3125);
    EXPECT_EQUAL(priority_weight(15), 335);
    EXPECT(priority_weight(40) > 80000 && priority_weight(1) > 10);
}

TEST_TIMED(stride_shares);
TEST(stride_shares, "stride gives time by tickets, to 3 % of each part")
{
    shares_check("stride");
}

TEST_TIMED(fair_shares);
TEST(fair_shares, "the fair policy gives time by weight, to 3 % of each part")
{
    shares_check("fair");
}

TEST_TIMED(round_robin_shares);
TEST(round_robin_shares, "round robin gives all the same, whatever their nice")
{
    u32 parts[WORKERS];

    policy_begin("rr");
    for (u32 i = 0; i < WORKERS; i++)
        worker_start(i, 10 + 5 * i, true);
    test_sleep(100);
    parts_measure(WORKERS, SPAN, parts);
    for (u32 i = 0; i < WORKERS; i++)
        expect_within(parts[i], THOUSAND / WORKERS, TOLERANCE);
    policy_end(WORKERS);
}

TEST_TIMED(shares_from_now_on);
TEST(shares_from_now_on, "who had the CPU alone for long owes nothing to who "
                         "comes then")
{
    static const char *const names[] = {"rr", "stride", "fair"};
    u32 parts[WORKERS];

    for (u32 i = 0; i < array_count(names); i++) {
        policy_begin(names[i]);
        worker_start(0, PRIORITY_NORMAL, true);
        test_sleep(300);
        worker_start(1, PRIORITY_NORMAL, true);
        parts_measure(2, 300, parts);
        EXPECT(parts[0] >= 450 && parts[1] >= 450);
        policy_end(2);
    }
}

TEST_TIMED(shares_starve_nobody);
TEST(shares_starve_nobody, "beside three of nice 0, who has nice 19 still gets "
                           "its half a percent under stride and fair")
{
    static const char *const names[] = {"stride", "fair"};
    u32 parts[WORKERS];

    for (u32 i = 0; i < array_count(names); i++) {
        policy_begin(names[i]);
        worker_start(0, 1, true);
        for (u32 j = 1; j < WORKERS; j++)
            worker_start(j, PRIORITY_NORMAL, true);
        test_sleep(100);
        /* Half a percent of one SPAN is a turn and a half. */
        parts_measure(WORKERS, 2 * SPAN, parts);
        EXPECT(parts[0] >= 3 && parts[0] <= 9);
        policy_end(WORKERS);
    }
}

/* ---- waiting for one's turn ---------------------------------------------- */

/* Until so long after a whole second, when a feedback queue has let all rise
 * and who computes has sunk again. */
static void sleep_past_second(u32 milliseconds)
{
    u64 now = clock_nanoseconds();
    u64 seconds = divide_u64(now, NANOSECONDS_PER_SECOND, NULL) + 1;

    thread_sleep_until(seconds * NANOSECONDS_PER_SECOND +
                       (u64)milliseconds * NANOSECONDS_PER_MILLISECOND);
}

/* In microseconds. Here CPUs take turns, so that what each does in its own
 * tick, some 14, may come before; and what it takes to wake. */
#define A_TICK (1000 + min(20 * cpu_count, 100u))

/* How late a thread that sleeps most of the time comes to run, at the worst,
 * in microseconds, beside three busy ones. */
static u32 latency_measure(const char *policy, u32 priority)
{
    u64 worst = 0;

    policy_begin(policy);
    for (u32 i = 0; i < 3; i++)
        worker_start(i, PRIORITY_NORMAL, true);
    thread_set_priority(current_thread(), priority, true);
    if (priority == PRIORITY_NORMAL)
        sleep_past_second(150);
    for (u32 i = 0; i < 60; i++) {
        u64 due = clock_nanoseconds() + 7 * NANOSECONDS_PER_MILLISECOND;
        thread_sleep_until(due);
        worst = max(worst, clock_nanoseconds() - due);
    }
    policy_end(3);
    return (u32)worst / 1000;
}

TEST_TIMED(fair_latency);
TEST(fair_latency, "the fair policy serves a sleeper within two slices, 6 ms")
{
    EXPECT(latency_measure("fair", PRIORITY_NORMAL) <= 6100);
}

TEST_TIMED(feedback_latency);
TEST(feedback_latency, "a feedback queue serves a sleeper before those that "
                       "compute, within a tick, while it has let none rise")
{
    u32 latency = latency_measure("mlfq", PRIORITY_NORMAL);

    if (latency > A_TICK)
        test_failed(__FILE__, __LINE__, "served after %u us", latency);
}

TEST_TIMED(round_robin_latency);
TEST(round_robin_latency, "round robin serves a sleeper after all others: what "
                          "is left of one quantum, and two more")
{
    u32 latency = latency_measure("rr", PRIORITY_NORMAL);

    EXPECT(latency > 2 * scheduler_quantum * 1000);
    EXPECT(latency < (3 * scheduler_quantum + 1) * 1000);
}

TEST_TIMED(real_time_latency);
TEST(real_time_latency, "a real-time thread that wakes runs within a tick, "
                        "under every policy")
{
    const struct scheduler_policy *policy;

    for (u32 i = 0; (policy = scheduler_policy_at(i)) != NULL; i++)
        EXPECT(latency_measure(policy->name, REAL_TIME) <= A_TICK);
}

/* ---- fixed priorities ---------------------------------------------------- */

TEST_TIMED(priority_order);
TEST(priority_order, "the highest priority takes all; equals take turns")
{
    u32 parts[WORKERS];

    policy_begin("prio");
    worker_start(0, 30, true);
    worker_start(1, 30, true);
    worker_start(2, 29, true);
    parts_measure(3, 600, parts);
    expect_within(parts[0], 500, TOLERANCE);
    expect_within(parts[1], 500, TOLERANCE);
    EXPECT_EQUAL(parts[2], 0);
    thread_set_priority(workers[2].thread, 31, true);
    parts_measure(3, 300, parts);
    EXPECT(parts[2] >= 990);
    policy_end(3);
}

TEST_TIMED(real_time_order);
TEST(real_time_order, "under every policy real-time threads come first, and "
                      "FIFO threads keep the CPU")
{
    u32 parts[WORKERS];
    const struct scheduler_policy *policy;

    for (u32 i = 0; (policy = scheduler_policy_at(i)) != NULL; i++) {
        policy_begin(policy->name);
        worker_start(0, PRIORITY_NICE_MAX, true);
        worker_start(1, REAL_TIME, false);
        worker_start(2, REAL_TIME, false);
        parts_measure(3, 100, parts);
        EXPECT_EQUAL(parts[0], 0);
        EXPECT(parts[1] >= 990 && parts[2] <= 10);
        policy_end(3);
    }
}

static volatile u32 turns[2], last_turn, turns_in_a_row;

/* A FIFO thread that lets its equals run after each step. */
static void yield_busily(void *argument)
{
    u32 me = (u32)(uintptr_t)argument;

    while (!workers_stop) {
        turns_in_a_row += last_turn == me;
        last_turn = me;
        turns[me]++;
        thread_yield();
    }
}

TEST_TIMED(real_time_turns);
TEST(real_time_turns, "SCHED_RR threads take turns; FIFO threads that yield do "
                      "so one by one, and nobody below them ever runs")
{
    u32 parts[WORKERS];

    policy_begin("rr");
    worker_start(0, REAL_TIME, true);
    worker_start(1, REAL_TIME, true);
    worker_start(2, REAL_TIME - 1, true);
    parts_measure(3, 600, parts);
    expect_within(parts[0], 500, TOLERANCE);
    EXPECT_EQUAL(parts[2], 0);
    policy_end(3);
    policy_begin("rr");
    turns[0] = turns[1] = turns_in_a_row = 0;
    last_turn = 2;
    for (u32 i = 0; i < 2; i++) {
        test_thread_start(&workers[i], yield_busily, (void *)(uintptr_t)i);
        thread_set_priority(workers[i].thread, REAL_TIME, false);
        thread_set_affinity(workers[i].thread, 1);
    }
    worker_start(2, REAL_TIME - 1, false);
    test_sleep(100);
    EXPECT(turns[0] > 1000 && turns[0] - turns[1] + 1 <= 2);
    EXPECT(turns_in_a_row <= 4);
    EXPECT_EQUAL(ticks_of(2), 0);
    policy_end(3);
}

/* ---- feedback ------------------------------------------------------------ */

TEST_CHECKPOINT(feedback_levels, sank);
TEST_CHECKPOINT(feedback_levels, rose);

TEST_TIMED(feedback_levels);
TEST(feedback_levels, "who computes sinks level by level, twice as long on "
                      "each, and rises once a second")
{
    u32 steps[16] = {0}, level = 0, sinks = 0;
    u32 quantum = scheduler_quantum;
    bool rose = false;

    /* Who looks each 2 ms would miss shorter stays on a level. */
    scheduler_set_quantum(max(quantum, 4u));
    policy_begin("mlfq");
    worker_start(0, PRIORITY_NORMAL, true);
    for (u32 i = 0; i < 2300; i++) {
        u32 now = workers[0].thread->entity.level;
        EXPECT(now == level || now == level + 1 || now == 0);
        if (rose && now < array_count(steps))
            steps[now]++;
        sinks += now > level;
        if (now < level && !rose) {
            CHECKPOINT("rose");
            rose = true;
        }
        level = now;
        test_sleep(1);
    }
    if (sinks >= 5)
        CHECKPOINT("sank");
    for (u32 i = 0; i < 4; i++)
        EXPECT(steps[i] >= (scheduler_quantum << i) - 2);
    policy_end(1);
    scheduler_set_quantum(quantum);
}

TEST_TIMED(feedback_shares);
TEST(feedback_shares, "of equals that compute, nobody has less than a fifth")
{
    u32 parts[WORKERS];

    policy_begin("mlfq");
    for (u32 i = 0; i < WORKERS; i++)
        worker_start(i, PRIORITY_NORMAL, true);
    test_sleep(500);
    parts_measure(WORKERS, SPAN, parts);
    for (u32 i = 0; i < WORKERS; i++)
        EXPECT(parts[i] >= 200);
    policy_end(WORKERS);
}

#define SHORT_JOBS 3u

/* A job that is over before it would sink. */
static void run_briefly(void *unused)
{
    thread_set_affinity(current_thread(), 1);
    u64 end = clock_nanoseconds() +
              scheduler_quantum * NANOSECONDS_PER_MILLISECOND / 2;

    while (clock_nanoseconds() < end)
        ;
}

/* Ever new short jobs, so many at a time that some are always waiting. */
static void short_jobs_run(u32 milliseconds)
{
    static struct test_thread jobs[SHORT_JOBS];
    u64 end = clock_nanoseconds() + milliseconds * NANOSECONDS_PER_MILLISECOND;

    for (u32 i = 0; i < SHORT_JOBS; i++)
        test_thread_start(&jobs[i], run_briefly, NULL);
    for (u32 i = 0; clock_nanoseconds() < end; i = (i + 1) % SHORT_JOBS) {
        test_thread_join(&jobs[i]);
        test_thread_start(&jobs[i], run_briefly, NULL);
    }
    for (u32 i = 0; i < SHORT_JOBS; i++)
        test_thread_join(&jobs[i]);
}

TEST_TIMED(feedback_starves_nobody);
TEST(feedback_starves_nobody, "a long job has sunk below short ones that never "
                              "end, and still runs in each second")
{
    policy_begin("mlfq");
    worker_start(0, PRIORITY_NORMAL, true);
    sleep_past_second(500);
    for (u32 i = 0; i < 3; i++) {
        u32 before = ticks_of(0);

        short_jobs_run(1000);
        EXPECT(ticks_of(0) != before);
        EXPECT(ticks_of(0) - before < 500);
    }
    policy_end(1);
}

/* ---- changing ------------------------------------------------------------ */

/* Busy threads, under which each policy has been chosen in turn, many times. */
static void policies_change(void)
{
    const struct scheduler_policy *policy;

    policy_begin("rr");
    for (u32 i = 0; i < WORKERS; i++) {
        worker_start(i, PRIORITY_NORMAL, true);
        thread_set_affinity(workers[i].thread, CPU_ALL);
    }
    for (u32 round = 0; round < 10; round++)
        for (u32 i = 0; (policy = scheduler_policy_at(i)) != NULL; i++) {
            EXPECT_EQUAL(scheduler_choose(policy->name), 0);
            EXPECT(scheduler_policy() == policy);
            test_sleep(5);
        }
    scheduler_choose("rr");
    for (u32 i = 0; i < WORKERS; i++)
        worker_bring_here(i);
    EXPECT(scheduler_choose("nonsense") < 0);
}

TEST(policy_changes, "the policy changes under busy threads, and all go on")
{
    policies_change();
    for (u32 i = 0; i < WORKERS; i++)
        for (u32 before = ticks_of(i); ticks_of(i) == before;)
            test_sleep(1);
    policy_end(WORKERS);
}

TEST_TIMED(policy_changes_turns);
TEST(policy_changes_turns, "who is busy while the policy changes loses no turn")
{
    u32 before[WORKERS];

    policies_change();
    for (u32 i = 0; i < WORKERS; i++)
        before[i] = ticks_of(i);
    test_sleep(WORKERS * (scheduler_quantum + 1));
    for (u32 i = 0; i < WORKERS; i++)
        EXPECT(ticks_of(i) != before[i]);
    policy_end(WORKERS);
}
