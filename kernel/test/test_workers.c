/*
 * Busy threads under a policy: started on one CPU, measured, and taken back,
 * with the policy, the quanta and the test's own priority as they were.
 */
#include "test/test_workers.h"
#include "lib/divide.h"
#include "x86/clock.h"

struct test_thread workers[WORKERS];
volatile bool workers_stop;

static void run_busily(void *unused)
{
    while (!workers_stop)
        ;
}

void worker_bring_here(u32 number)
{
    const volatile struct thread *thread = workers[number].thread;

    thread_set_affinity(workers[number].thread, 1);
    while (thread->cpu != &cpus[0] || thread->state != THREAD_READY)
        thread_yield();
}

void worker_start(u32 number, u32 priority, bool takes_turns)
{
    test_thread_start(&workers[number], run_busily, NULL);
    thread_set_priority(workers[number].thread, priority, takes_turns);
    worker_bring_here(number);
}

static u32 jitter_before;

void policy_begin(const char *name)
{
    workers_stop = false;
    jitter_before = quantum_jitter;
    quantum_jitter = 0;
    scheduler_set_quantum(scheduler_quantum);
    thread_set_affinity(current_thread(), 1);
    thread_set_priority(current_thread(), MOST, true);
    EXPECT_EQUAL(scheduler_choose(name), 0);
}

void policy_end(u32 count)
{
    workers_stop = true;
    for (u32 i = 0; i < count; i++)
        test_thread_join(&workers[i]);
    thread_set_priority(current_thread(), PRIORITY_NORMAL, true);
    thread_set_affinity(current_thread(), CPU_ALL);
    scheduler_choose("rr");
    quantum_jitter = jitter_before;
}

u32 ticks_of(u32 number)
{
    return (u32)divide_u64(thread_ran(workers[number].thread),
                           clock_tick_counts, NULL);
}

u32 ticks_measure(u32 count, u32 milliseconds, u32 *ticks)
{
    u32 before[WORKERS], total = 0;

    for (u32 i = 0; i < count; i++)
        before[i] = ticks_of(i);
    test_sleep(milliseconds);
    for (u32 i = 0; i < count; i++) {
        ticks[i] = ticks_of(i) - before[i];
        total += ticks[i];
    }
    EXPECT(total >= milliseconds * 95 / 100); /* nobody idled */
    return total;
}

void parts_measure(u32 count, u32 milliseconds, u32 *parts)
{
    u32 ticks[WORKERS], total = ticks_measure(count, milliseconds, ticks);

    for (u32 i = 0; i < count; i++)
        parts[i] = ticks[i] * THOUSAND / max(total, 1u);
}

void expect_within(u32 came, u32 wanted, u32 tolerance)
{
    u32 off = came > wanted ? came - wanted : wanted - came;

    if (off > tolerance)
        test_failed(__FILE__, __LINE__, "wanted %u thousandths, got %u", wanted,
                    came);
}
