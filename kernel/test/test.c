/*
 * The runner of the in-kernel tests and the voice of the verdict port.
 *
 * A record is byte 2, text, byte 3: `plan N`, `begin NAME`, `check NAME TEXT`,
 * `fail NAME FILE:LINE wanted ... got ...`, `books NAME balanced` or `books
 * NAME field before after`, `end NAME`, `done`. Records are whole: they are
 * sent under a lock.
 */
#include "test/test.h"
#include "core/boot_info.h"
#include "core/machine_exit.h"
#include "core/panic.h"
#include "core/printk.h"
#include "lib/format.h"
#include "lib/string.h"
#include "proc/books.h"
#include "sched/timer.h"
#include "x86/clock.h"

#define VERDICT_PORT 0xe9
#define RECORD_START 2
#define RECORD_END   3
#define RECORD_SIZE  400

extern const struct test_case tests_start[], tests_end[];

static struct spinlock verdict_lock = SPINLOCK_INITIALIZER(RANK_DRIVER);
static const struct test_case *running;
static u32 failures; /* of the running test (atomic) */

/* ---- records ------------------------------------------------------------- */

static void verdict(const char *format, ...) printf_like(1, 2);

static void verdict(const char *format, ...)
{
    char text[RECORD_SIZE];
    va_list arguments;

    va_start(arguments, format);
    format_text_list(text, sizeof(text), format, arguments);
    va_end(arguments);
    spin_lock(&verdict_lock);
    port_write8(VERDICT_PORT, RECORD_START);
    for (const char *at = text; *at; at++)
        port_write8(VERDICT_PORT, (u8)*at);
    port_write8(VERDICT_PORT, RECORD_END);
    spin_unlock(&verdict_lock);
    printk("test: %s\n", text);
}

void test_reached(const char *text)
{
    verdict("check %s %s", running->name, text);
}

void test_failed(const char *file, int line, const char *format, ...)
{
    char text[RECORD_SIZE / 2];
    va_list arguments;

    va_start(arguments, format);
    format_text_list(text, sizeof(text), format, arguments);
    va_end(arguments);
    atomic_increment(&failures);
    verdict("fail %s %s:%d %s", running->name, file, line, text);
    backtrace_print(0, cpu_frame_pointer());
}

/* ---- what tests use ------------------------------------------------------ */

static void test_thread_main(void *argument)
{
    struct test_thread *thread = argument;

    thread->function(thread->argument);
    thread_retire();
    semaphore_up(&thread->done);
}

bool test_thread_start(struct test_thread *thread,
                       void (*function)(void *argument), void *argument)
{
    thread->function = function;
    thread->argument = argument;
    semaphore_initialize(&thread->done, 0);
    thread->thread = kernel_thread_create("test", test_thread_main, thread);
    EXPECT(thread->thread != NULL);
    return thread->thread != NULL;
}

void test_thread_join(struct test_thread *thread)
{
    if (!thread->thread)
        return;
    semaphore_down(&thread->done);
    thread_put(thread->thread);
}

void test_sleep(u32 milliseconds)
{
    thread_sleep_until(clock_nanoseconds() +
                       (u64)milliseconds * NANOSECONDS_PER_MILLISECOND);
}

u32 test_random(u32 *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* ---- books --------------------------------------------------------------- */

/* The kernel's, and, in CHECKED builds, the locks that this thread holds. */
#define LOCKS_HELD BOOK_COUNT

static void books_read(u32 *values)
{
    threads_wait_buried();
    for (u32 i = 0; i < BOOK_COUNT; i++)
        values[i] = books[i].read();
    values[LOCKS_HELD] = current_thread()->held_count;
}

static bool books_compare(const char *name, const u32 *before)
{
    u32 after[BOOK_COUNT + 1];

    books_read(after);
    if (memcmp(before, after, sizeof(after)) == 0) {
        verdict("books %s balanced", name);
        return true;
    }
    for (u32 i = 0; i <= LOCKS_HELD; i++)
        if (after[i] != before[i])
            verdict("books %s %s %u %u", name,
                    i == LOCKS_HELD ? "locks" : books[i].name, before[i],
                    after[i]);
    return false;
}

/* ---- running ------------------------------------------------------------- */

static void watchdog_expire(struct timer *timer)
{
    verdict("fail %s %s:%d wanted an end within %u s of guest time got none",
            running->name, __FILE__, __LINE__, TEST_SECONDS);
    machine_exit(MACHINE_EXIT_WATCHDOG);
}

static bool test_run(const struct test_case *test)
{
    struct timer watchdog;
    u32 before[BOOK_COUNT + 1];

    running = test;
    failures = 0;
    books_read(before);
    timer_initialize(&watchdog, watchdog_expire);
    timer_set(&watchdog,
              clock_nanoseconds() + TEST_SECONDS * NANOSECONDS_PER_SECOND);
    verdict("begin %s", test->name);
    test->run();
    bool balanced = books_compare(test->name, before);
    verdict("end %s", test->name);
    timer_cancel(&watchdog);
    return failures == 0 && balanced;
}

/* Is it one of the names in a list that commas separate? NULL: all are. */
static bool is_chosen(const struct test_case *test, const char *list)
{
    size_t length = strlen(test->name);

    if (!list)
        return !test->panics;
    while (*list) {
        const char *comma = strchr(list, ',');
        size_t size = comma ? (size_t)(comma - list) : strlen(list);

        if (size == length && memcmp(list, test->name, size) == 0)
            return true;
        list += size + (comma != NULL);
    }
    return false;
}

static u32 count_chosen(const char *list)
{
    u32 count = 0;

    for (const struct test_case *test = tests_start; test < tests_end; test++)
        count += is_chosen(test, list);
    return count;
}

void tests_run(void)
{
    static char names[COMMAND_LINE_MAX];
    const char *list = boot_option("test", names, sizeof(names)) ? names : NULL;
    bool good = true;

    verdict("plan %u", count_chosen(list));
    for (const struct test_case *test = tests_start; test < tests_end; test++)
        if (is_chosen(test, list))
            good = test_run(test) && good;
    verdict("done");
    machine_exit(good ? MACHINE_EXIT_PASS : MACHINE_EXIT_FAIL);
}
