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
