/*
 * The double-fault task. It never goes back: it says where the CPU was and
 * panics. Its page directory is the one that is loaded when it is set up, the
 * kernel's, so that a broken one of a process does not matter.
 */
#include "x86/double_fault.h"

#include "core/layout.h"
#include "core/panic.h"
#include "x86/segments.h"
#include "x86/trap.h"

struct double_fault_stack {
    struct stack_base base;
    u8 bytes[STACK_SIZE - sizeof(struct stack_base)];
} __attribute__((aligned(STACK_SIZE)));

static struct double_fault_stack stacks[CPU_MAX];
static struct task_state tasks[CPU_MAX];
static const struct task_state *interrupted_tasks[CPU_MAX];

static bool is_stack_guard(u32 address)
{
    return address >= STACK_AREA_START && address < STACK_AREA_END &&
           address % STACK_SLOT_SIZE < STACK_SIZE;
}

static struct trap_frame frame_of_task(const struct task_state *task)
{
    return (struct trap_frame){
        .edi = task->edi,
        .esi = task->esi,
        .ebp = task->ebp,
        .ebx = task->ebx,
        .edx = task->edx,
        .ecx = task->ecx,
        .eax = task->eax,
        .es = task->es,
        .ds = task->ds,
        .vector = TRAP_DOUBLE_FAULT,
        .eip = task->eip,
        .cs = task->cs,
        .eflags = task->eflags,
        .esp = task->esp,
        .ss = task->ss,
    };
}

/* Runs as the task, interrupts off. */
static noreturn void double_fault(void)
{
    u32 address = cr2_read();
    const struct task_state *task = interrupted_tasks[this_cpu()->index];
    struct trap_frame frame = frame_of_task(task);
    struct stack_base *theirs = (struct stack_base *)(uintptr_t)round_down(
        task->esp + STACK_SIZE - 1, STACK_SIZE);
    if (is_stack_guard(address)) {
        stack_base()->thread = theirs->thread;
        panic_at(&frame, "kernel stack overflow (address %08x)", address);
    }
    panic_at(&frame, "double fault, last page fault at %08x", address);
}

struct task_state *double_fault_task(struct cpu *cpu,
                                     const struct task_state *interrupted)
{
    struct double_fault_stack *stack = &stacks[cpu->index];
    struct task_state *task = &tasks[cpu->index];
    interrupted_tasks[cpu->index] = interrupted;
    stack->base = (struct stack_base){.cpu = cpu, .canary = STACK_CANARY};
    *task = (struct task_state){
        .cr3 = cr3_read(),
        .eip = (u32)(uintptr_t)double_fault,
        .eflags = 2, /* the bit that is always set */
        .esp = (u32)(uintptr_t)(stack + 1) - sizeof(u32),
        .es = SELECTOR_USER_DATA,
        .cs = SELECTOR_KERNEL_CODE,
        .ss = SELECTOR_KERNEL_DATA,
        .ds = SELECTOR_USER_DATA,
        .io_map = sizeof(struct task_state),
    };
    return task;
}
