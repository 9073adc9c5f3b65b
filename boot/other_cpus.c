/*
 * A CPU is reset, then told to run the page at TRAMPOLINE (Intel SDM 3A,
 * 9.4.4). It finds a page directory and a stack there, makes itself ready as
 * the first CPU did, and counts itself in: from then on threads run on it.
 *
 * The page lies below 1 MiB, which the frame allocator never gives out.
 */
#include "boot/other_cpus.h"

#include "core/panic.h"
#include "core/printk.h"
#include "lib/string.h"
#include "mem/frame.h"
#include "sched/balance.h"
#include "sched/thread.h"
#include "x86/clock.h"
#include "x86/cpu_features.h"
#include "x86/fpu.h"
#include "x86/kernel_stack.h"
#include "x86/local_apic.h"
#include "x86/page_table.h"
#include "x86/tick.h"
#include "x86/topology.h"

#define TRAMPOLINE 0x8000u /* boot/other_cpu.asm */

#define MILLISECOND     1000000u
#define RESET_TIME      (10 * MILLISECOND)
#define START_TIME      MILLISECOND /* then it is told once more */
#define START_TIME_LAST (500 * MILLISECOND)

extern const u8 other_cpu_code[], other_cpu_code_end[];
extern const u8 other_cpu_directory[], other_cpu_stack[];
noreturn void other_cpu_main(void);

/* What a started CPU does first, on its idle thread's stack. Interrupts off. */
noreturn void other_cpu_main(void)
{
    page_tables_start_cpu();
    traps_start_cpu();
    cpu_features_enable();
    fpu_start_cpu();
    local_apic_start_cpu();
    threads_start_cpu();
    tick_start_cpu();
    atomic_store(&cpu_count, this_cpu()->index + 1);
    while (panic_is_elsewhere()) /* not told to stop: it came too late */
        cpu_halt();
    scheduler_idle();
}

static void word_put(const u8 *place, u32 word)
{
    memcpy(physical_to_virtual(TRAMPOLINE + (place - other_cpu_code)), &word,
           sizeof(word));
}

static bool came_within(const struct cpu *cpu, u32 nanoseconds)
{
    u64 deadline = clock_nanoseconds() + nanoseconds;

    while (atomic_load(&cpu_count) <= cpu->index)
        if (clock_nanoseconds() >= deadline)
            return false;
        else
            thread_sleep_until(clock_nanoseconds() + MILLISECOND / 10);
    return true;
}

/* Its stack is not given back if it does not come: it might come later. */
static bool cpu_start(struct cpu *cpu, physical_address directory)
{
    struct stack_base *stack = kernel_stack_alloc();

    if (!stack)
        return false;
    stack->cpu = cpu;
    stack->thread = NULL;
    stack->fail_after = 0;
    memcpy(physical_to_virtual(TRAMPOLINE), other_cpu_code,
           other_cpu_code_end - other_cpu_code);
    word_put(other_cpu_directory, directory);
    word_put(other_cpu_stack, kernel_stack_top(stack));
    local_apic_send(cpu, LOCAL_APIC_RESET);
    thread_sleep_until(clock_nanoseconds() + RESET_TIME);
    local_apic_send(cpu, LOCAL_APIC_START | TRAMPOLINE >> PAGE_SHIFT);
    if (came_within(cpu, START_TIME))
        return true;
    local_apic_send(cpu, LOCAL_APIC_START | TRAMPOLINE >> PAGE_SHIFT);
    return came_within(cpu, START_TIME_LAST);
}

/* The kernel's page directory with its first 4 MiB at 0 too. */
static struct frame *directory_create(void)
{
    struct frame *frame = frame_alloc();

    if (!frame)
        return NULL;
    page_table_entry *directory = frame_address(frame);
    memcpy(directory, kernel_page_table.directory, PAGE_SIZE);
    directory[0] = directory[KERNEL_BASE / LARGE_PAGE_SIZE];
    return frame;
}

void other_cpus_start(void)
{
    if (!local_apic_present || topology.cpu_count == 1)
        return;
    struct frame *directory = directory_create();
    for (u32 i = 0; directory && i < topology.cpu_count; i++) {
        struct cpu *cpu = &cpus[cpu_count];
        if (topology.apic_ids[i] == topology.boot_apic_id)
            continue;
        cpu->apic_id = topology.apic_ids[i];
        if (!cpu_start(cpu, frame_physical(directory))) {
            printk("cpus: the one with APIC %u does not start\n", cpu->apic_id);
            break;
        }
    }
    if (directory)
        frame_put(directory);
    printk("cpus: %u at work\n", cpu_count);
    balancer_start();
}
