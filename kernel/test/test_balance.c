/*
 * What the policies promise for several CPUs: busy threads that may run on two
 * of them. It takes a third one, on which the balancer may run: here CPUs take
 * turns, and one that waits for its turn with the balancer on it counts all of
 * that time as the balancer's.
 */
#include "test/test_workers.h"

TEST_TIMED(shares_on_two_cpus);
TEST_CPUS(shares_on_two_cpus, 3);
TEST_TIMED(three_on_two_cpus);
TEST_CPUS(three_on_two_cpus, 3);
TEST_TIMED(urgent_on_two_cpus);
TEST_CPUS(urgent_on_two_cpus, 3);
TEST_TIMED(busy_cpu_told);
TEST_CPUS(busy_cpu_told, 2);

/* Busy threads of these priorities on CPUs 0 and 1, all at first on 0. */
static void workers_start_on_two(const u8 *priorities, u32 count)
{
    for (u32 i = 0; i < count; i++)
        worker_start(i, priorities[i], false);
    for (u32 i = 0; i < count; i++)
        thread_set_affinity(workers[i].thread, 3);
}

TEST(shares_on_two_cpus,
     "on two CPUs stride and fair give who counts more than "
     "all others together a CPU, and them the other by parts")
{
    static const char *const names[] = {"stride", "fair"};
    static const u8 priorities[] = {20, 10, 10, 10};
    static const u32 wanted[] = {500, 167, 167, 167};
    u32 parts[WORKERS];

    for (u32 i = 0; i < array_count(names); i++) {
        policy_begin(names[i]);
        workers_start_on_two(priorities, WORKERS);
        test_sleep(300);
        parts_measure(WORKERS, SPAN, parts);
        for (u32 j = 0; j < WORKERS; j++)
            expect_within(parts[j], wanted[j], TOLERANCE);
        policy_end(WORKERS);
    }
}

TEST(three_on_two_cpus, "three equals have two thirds of a CPU each, under "
                        "policies that starve nobody, within 2 %")
{
    static const u32 tolerance = 7; /* thousandths, 2 % of a third */
    static const char *const names[] = {"rr", "mlfq", "stride", "fair"};
    static const u8 priorities[] = {20, 20, 20};
    u32 parts[WORKERS];

    for (u32 i = 0; i < array_count(names); i++) {
        policy_begin(names[i]);
        workers_start_on_two(priorities, 3);
        test_sleep(300);
        parts_measure(3, SPAN, parts);
        for (u32 j = 0; j < 3; j++)
            expect_within(parts[j], 333, tolerance);
        policy_end(3);
    }
}

/* Four busy threads on two CPUs: the first two have them. */
static void two_most_urgent_run(const char *policy, const u8 *priorities)
{
    u32 parts[WORKERS];

    policy_begin(policy);
    workers_start_on_two(priorities, WORKERS);
    test_sleep(50); /* many ticks, also where CPUs take turns */
    parts_measure(WORKERS, 300, parts);
    if (parts[2] + parts[3] > TOLERANCE || parts[0] < 485 || parts[1] < 485)
        test_failed(__FILE__, __LINE__, "%s: %u, %u, %u and %u thousandths",
                    policy, parts[0], parts[1], parts[2], parts[3]);
    policy_end(WORKERS);
}

TEST(urgent_on_two_cpus,
     "on two CPUs the two most urgent run: real-time threads "
     "under every policy, all threads under prio")
{
    static const u8 real_time[] = {61, 60, 20, 20}, nice[] = {23, 22, 21, 20};
    const struct scheduler_policy *policy;

    for (u32 i = 0; (policy = scheduler_policy_at(i)); i++)
        two_most_urgent_run(policy->name, real_time);
    two_most_urgent_run("prio", nice);
}

static volatile u64 ran_at;

/* A pause lets the other CPU run, where they take turns. */
static void run_with_pauses(void *unused)
{
    while (!workers_stop)
        cpu_pause();
}

static void run_when_told(void *unused)
{
    for (;;) {
        thread_park();
        if (workers_stop)
            return;
        ran_at = clock_nanoseconds();
    }
}

/* How long until the parked thread runs, in microseconds, when it is woken so
 * long after a tick. */
static u32 time_to_run(struct thread *thread, u32 after)
{
    u64 told = clock_nanoseconds() + after * NANOSECONDS_PER_MICROSECOND;

    while (clock_nanoseconds() < told)
        cpu_pause();
    ran_at = 0;
    thread_unpark(thread);
    while (ran_at == 0)
        cpu_pause();
    return (u32)(ran_at - told) / 1000;
}

#define WAKES   20u
#define AT_ONCE 250u /* microseconds */

TEST(busy_cpu_told,
     "a busy CPU runs the more urgent that another CPU wakes for "
     "it at once, not at its next tick")
{
    struct test_thread busy, urgent;
    u32 late = 0;

    policy_begin("rr");
    test_thread_start(&busy, run_with_pauses, NULL);
    test_thread_start(&urgent, run_when_told, NULL);
    thread_set_priority(urgent.thread, REAL_TIME, true);
    thread_set_affinity(urgent.thread, 2);
    thread_set_affinity(busy.thread, 2);
    for (u32 i = 0; i < WAKES; i++) {
        test_sleep(5);
        late += time_to_run(urgent.thread, i * 1000 / WAKES) > AT_ONCE;
    }
    if (late != 0)
        test_failed(__FILE__, __LINE__, "late %u times", late);
    policy_end(0);
    test_thread_join(&busy);
    thread_unpark(urgent.thread);
    test_thread_join(&urgent);
}
