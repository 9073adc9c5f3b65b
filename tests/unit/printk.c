/*
 * Every console shows every message once, in order, also one that comes late
 * or while another writes; what the ring has lost is left out, nothing else;
 * and a panic is shown whatever is quiet or locked.
 */
#include "unit.h"
#include <stdarg.h>
#include "core/spinlock.h"
#include "kernel_string.h"
#include "kernel/lib/divide.c"
#include "kernel/lib/format.c"
#include "kernel/core/printk.c"

#define SHOWN_MAX (4 * LOG_SIZE)

static char shown[2][SHOWN_MAX];
static u32 shown_size[2];

static void show(u32 console, const char *bytes, size_t size)
{
    check(shown_size[console] + size < SHOWN_MAX);
    memcpy(shown[console] + shown_size[console], bytes, size);
    shown_size[console] += size;
    shown[console][shown_size[console]] = '\0';
}

static void show_first(const char *bytes, size_t size)
{
    show(0, bytes, size);
}

static void show_second(const char *bytes, size_t size)
{
    show(1, bytes, size);
}

static struct log_console first = {.write = show_first};
static struct log_console second = {.write = show_second};

static void start(void)
{
    written = kept = 0;
    consoles = NULL;
    quiet = in_panic = false;
    log_lock.held = console_lock.held = false;
    fake_held_rank = RANK_NONE;
    memset(shown_size, 0, sizeof(shown_size));
    shown[0][0] = shown[1][0] = '\0';
}

static void late_console_sees_the_past(void)
{
    start();
    printk("one %d\n", 1);
    log_console_register(&first);
    printk("two\n");
    log_console_register(&second);
    printk("three\n");
    check_text(shown[0], "one 1\ntwo\nthree\n");
    check_text(shown[1], "one 1\ntwo\nthree\n");
    check_number(fake_held_rank, RANK_NONE);
}

/* What was written while another CPU wrote to the devices is shown by the
 * next who comes, here the test itself. */
static void busy_console(void)
{
    start();
    log_console_register(&first);
    console_lock.held = true;
    printk("waits\n");
    check_text(shown[0], "");
    console_lock.held = false;
    printk("comes\n");
    check_text(shown[0], "waits\ncomes\n");
}

/* A console that logs itself, once: the holder of the lock looks again. */
static bool has_logged;

static void show_and_log(const char *bytes, size_t size)
{
    show(0, bytes, size);
    if (!has_logged) {
        has_logged = true;
        printk("from within\n");
    }
}

static void console_that_logs(void)
{
    static struct log_console chatty = {.write = show_and_log};
    start();
    log_console_register(&chatty);
    printk("outside\n");
    check_text(shown[0], "outside\nfrom within\n");
}

static void long_messages_are_cut(void)
{
    char text[MESSAGE_SIZE + 100];
    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    start();
    log_console_register(&first);
    printk("%s", text);
    check_number(shown_size[0], MESSAGE_SIZE - 1);
}

/* Writes numbered lines of 8 bytes; returns how many bytes. */
static u32 write_lines(u32 count)
{
    for (u32 i = 0; i < count; i++)
        printk("%07u\n", i);
    return count * 8;
}

static void ring_keeps_the_newest(void)
{
    static char copy[2 * LOG_SIZE];
    start();
    u32 size = write_lines(3 * LOG_SIZE / 8 + 5);
    check_number(log_copy(copy, sizeof(copy)), LOG_SIZE);
    check_number(atoi(copy), (size - LOG_SIZE) / 8);
    check_number(atoi(copy + LOG_SIZE - 8), size / 8 - 1);
    check_number(log_copy(copy, 16), 16);
    check_number(atoi(copy), size / 8 - 2);
    log_console_register(&first);
    check_number(shown_size[0], LOG_SIZE);
    check_number(atoi(shown[0]), (size - LOG_SIZE) / 8);
}

static void short_log_is_copied_whole(void)
{
    char copy[64] = {0};
    start();
    check_number(log_copy(copy, sizeof(copy)), 0);
    printk("abc");
    check_number(log_copy(copy, sizeof(copy)), 3);
    check_text(copy, "abc");
    check_number(log_copy(copy, 2), 2);
    check(memcmp(copy, "bc", 2) == 0);
}

static void positions_wrap(void)
{
    start();
    written = UINT32_MAX - 100;
    log_console_register(&first);
    check_text(shown[0], "");
    u32 size = write_lines(50);
    check_number(shown_size[0], size);
    check_number(atoi(shown[0] + size - 8), 49);
}

static void quiet_until_panic(void)
{
    start();
    log_set_quiet(true);
    log_console_register(&first);
    printk("hidden\n");
    check_text(shown[0], "");
    log_lock.held = console_lock.held = true;
    log_enter_panic();
    printk("panic: shown\n");
    check_text(shown[0], "panic: shown\n");
}

static void panic_shows_what_waits(void)
{
    start();
    log_console_register(&first);
    console_lock.held = true;
    printk("waits\n");
    log_lock.held = true;
    log_enter_panic();
    printk("panic: shown\n");
    check_text(shown[0], "waits\npanic: shown\n");
}

static void loud_again(void)
{
    start();
    log_console_register(&first);
    check_number(log_set_quiet(true), false);
    printk("passed over\n");
    check_text(shown[0], "");
    check_number(log_set_quiet(false), true);
    printk("shown\n");
    check_text(shown[0], "shown\n");
}

UNIT_TESTS(UNIT_TEST(late_console_sees_the_past), UNIT_TEST(busy_console),
           UNIT_TEST(console_that_logs), UNIT_TEST(long_messages_are_cut),
           UNIT_TEST(ring_keeps_the_newest),
           UNIT_TEST(short_log_is_copied_whole), UNIT_TEST(positions_wrap),
           UNIT_TEST(quiet_until_panic), UNIT_TEST(panic_shows_what_waits),
           UNIT_TEST(loud_again))
