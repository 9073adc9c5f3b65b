/*
 * Each disaster is one small function in a table; most of them never return.
 */
#include "selftest.h"

#include "core/boot_info.h"
#include "core/panic.h"
#include "core/printk.h"
#include "core/spinlock.h"
#include "lib/string.h"
#include "mem/heap.h"
#include "sched/thread.h"
#include "x86/clock.h"
#include "x86/switch.h"

static void disaster_panic(void)
{
    panic("asked for by test=panic");
}

static void disaster_assert(void)
{
    assert(1 + 1 == 3);
}

static volatile bool endless = true;

static u32 recurse(volatile u32 depth)
{
    return endless ? depth + recurse(depth + 1) : depth;
}

static void disaster_stack_overflow(void)
{
    recurse(0);
}

/* A stack where nothing is mapped: its page fault cannot be reported there. */
static void disaster_double_fault(void)
{
    u32 stack_pointer;
    cpu_interrupts_disable();
    context_switch(&stack_pointer, PAGE_SIZE);
}

static void disaster_null(void)
{
    *(volatile u32 *)0 = 1;
}

/* Only a KASAN build sees it. */
static void disaster_freed(void)
{
    volatile u8 *volatile block = heap_alloc(100);
    heap_free((void *)block);
    (void)block[50];
}

static void disaster_text_write(void)
{
    *(volatile char *)text_start = 0;
}

/* Interrupts off for good, on the last CPU: only a watchdog from outside ends
 * it. */
static void disaster_hang(void)
{
    thread_set_affinity(current_thread(), 1u << (cpu_count - 1));
    cpu_interrupts_disable();
    for (;;)
        cpu_pause();
}

/* With `watchdog=20`: a lock is held for too long, then interrupts are off. */
static void disaster_late(void)
{
    static struct spinlock lock = SPINLOCK_INITIALIZER(RANK_DRIVER);

    spin_lock(&lock);
    clock_delay(60000);
    spin_unlock(&lock);
    cpu_interrupts_disable();
    clock_delay(60000);
    cpu_interrupts_enable();
    clock_delay(2000);
}

static const struct {
    const char *name;
    void (*happen)(void);
} disasters[] = {
    {"panic", disaster_panic},
    {"assert", disaster_assert},
    {"stack_overflow", disaster_stack_overflow},
    {"double_fault", disaster_double_fault},
    {"null", disaster_null},
    {"text_write", disaster_text_write},
    {"freed", disaster_freed},
    {"hang", disaster_hang},
    {"late", disaster_late},
};

void selftest_run(void)
{
    char name[32];
    if (!boot_option("test", name, sizeof(name)))
        return;
    for (u32 i = 0; i < array_count(disasters); i++)
        if (strcmp(disasters[i].name, name) == 0) {
            disasters[i].happen();
            return;
        }
    printk("option test=%s is unknown: kernel/selftest.c lists them\n", name);
}
