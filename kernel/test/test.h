/*
 * In-kernel tests: each is a function with the sentence that it proves, run
 * by a kernel thread of spindle-test.elf.
 *
 *     TEST(park_permit, "an unpark that comes before the park is kept")
 *     {
 *         ...
 *         EXPECT_EQUAL(count, 3);
 *     }
 *
 * The verdict goes to port 0xe9 in records that tools/test reads: the symbol
 * test_case_NAME tells it that the test must appear, test_checkpoint_NAME__TEXT
 * that CHECKPOINT("TEXT") must be reached, test_cpus_NAME__COUNT that it is a
 * test only of a machine with so many CPUs. After each test the kernel's
 * books must balance. A test that takes longer than TEST_SECONDS of guest time
 * ends the machine (watchdog).
 */
#pragma once

#include "sched/condition.h"

#define TEST_SECONDS 60

/* Runs the tests that the boot option `test=NAME,NAME` names, or all, then
 * ends the machine. Weak: NULL in a kernel without tests. */
void tests_run(void) __attribute__((weak));

struct test_case {
    const char *name;
    const char *sentence;
    void (*run)(void);
    bool panics; /* runs only when it is named */
};

#define TEST_REGISTER(kind, name, sentence, panics)                            \
    static void test_run_##name(void);                                         \
    static const struct test_case test_##kind##_##name                         \
        __attribute__((section(".tests"), used)) = {#name, sentence,           \
                                                    test_run_##name, panics};  \
    static void test_run_##name(void)

#define TEST(name, sentence) TEST_REGISTER(case, name, sentence, false)

/* Ends the machine, as tests/machine/disasters.py wants it. */
#define TEST_PANICS(name, sentence) TEST_REGISTER(panics, name, sentence, true)

/* At file scope: the test must reach CHECKPOINT("TEXT"), in which spaces may
 * stand for underscores. */
#define TEST_CHECKPOINT(test, text)                                            \
    static const char test_checkpoint_##test##__##text[]                       \
        __attribute__((used)) = #text

/* At file scope: the test is for machines with at least so many CPUs. */
#define TEST_CPUS(test, count)                                                 \
    static const u8 test_cpus_##test##__##count __attribute__((used)) = count

/* At file scope: the test measures time, so its CPUs must take turns by counted
 * instructions; where they run at once, as fast as the host lets them, it is no
 * test. */
#define TEST_TIMED(test)                                                       \
    static const u8 test_timed_##test __attribute__((used)) = 1

#define EXPECT(condition)                                                      \
    do {                                                                       \
        if (!(condition))                                                      \
            test_failed(__FILE__, __LINE__, "wanted %s", #condition);          \
    } while (0)

/* Of numbers up to 32 bits. */
#define EXPECT_EQUAL(actual, expected)                                         \
    do {                                                                       \
        u32 test_actual = (u32)(actual), test_expected = (u32)(expected);      \
        if (test_actual != test_expected)                                      \
            test_failed(__FILE__, __LINE__, "wanted %s = %u (%x) got %u (%x)", \
                        #actual, test_expected, test_expected, test_actual,    \
                        test_actual);                                          \
    } while (0)

/* Tells that the running test has come this far. */
#define CHECKPOINT(text) test_reached(text)

void test_reached(const char *text);
void test_failed(const char *file, int line, const char *format, ...)
    printf_like(3, 4);

/* A kernel thread to be waited for. */
struct test_thread {
    struct thread *thread;
    void (*function)(void *argument);
    void *argument;
    struct semaphore done;
};

/* False, and a failure, when there is no memory for it. */
bool test_thread_start(struct test_thread *thread,
                       void (*function)(void *argument), void *argument);
/* Waits until the function has returned. */
void test_thread_join(struct test_thread *thread);

/* Sleeps for so many milliseconds of guest time. */
void test_sleep(u32 milliseconds);

/* The same numbers in every run. */
u32 test_random(u32 *state);
