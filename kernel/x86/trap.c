/*
 * Traps: the interrupt descriptor table and what becomes of each vector.
 *
 * Hardware interrupts go to x86/interrupts.c, system calls never come here
 * (x86/entry.asm), page faults go up to vm/, what user code did wrong to
 * proc/. A fault of the kernel's own goes on at its fix-up if it has one
 * (user copy, segment loads, the way out); else it is a bug and panics.
 */
#include "x86/trap.h"

#include "core/panic.h"
#include "core/percpu.h"
#include "core/printk.h"
#include "x86/cpu_features.h"
#include "x86/interrupts.h"
#include "x86/local_apic.h"
#include "x86/locate.h"
#include "x86/segments.h"
#include "x86/switch.h"
#include "x86/upcalls.h"
#include "x86/watchdog.h"

#define GATE_PRESENT   0x8000u
#define GATE_USER      0x6000u
#define GATE_TASK      0x0500u
#define GATE_INTERRUPT 0x0e00u
#define GATE_TRAP      0x0f00u /* leaves interrupts on */

struct gate {
    u32 low;
    u32 high;
};

struct fixup {
    u32 fault;
    u32 resume;
};

extern const u32 trap_entries[TRAP_COUNT];
extern const struct fixup fixups_start[], fixups_end[];
extern char user_nofault_start[], user_nofault_end[];
void syscall_entry(void);
void context_entry(void);
by_registers void trap_dispatch(struct trap_frame *frame);

/* x86/entry.asm and boot/high.asm know these by number. */
_Static_assert(sizeof(struct trap_frame) == 17 * 4, "entry.asm pushes it");
_Static_assert(offsetof(struct trap_frame, cs) == 52, "FRAME_CS");
_Static_assert(offsetof(struct stack_base, thread) == 4, "STACK_BASE_THREAD");
_Static_assert(TRAP_PANIC == 15, "TRAP_PANIC");
_Static_assert(offsetof(struct stack_base, canary) == 16, "STACK_BASE_CANARY");
_Static_assert(STACK_SIZE == 8192, "STACK_SIZE");
_Static_assert(SELECTOR_USER_DATA == 0x7b, "SELECTOR_USER_DATA");

static struct gate gates[TRAP_COUNT];

#define TRAP_NAME(name, vector, text) [vector] = text,

static const char *const trap_names[] = {TRAPS(TRAP_NAME)};

static const char *trap_name(u32 vector)
{
    if (vector < array_count(trap_names) && trap_names[vector])
        return trap_names[vector];
    return "unexpected trap";
}

static u32 fixup_find(u32 address)
{
    for (const struct fixup *fixup = fixups_start; fixup < fixups_end; fixup++)
        if (fixup->fault == address)
            return fixup->resume;
    return 0;
}

static bool is_nofault(u32 address)
{
    return address >= (u32)(uintptr_t)user_nofault_start &&
           address < (u32)(uintptr_t)user_nofault_end;
}

static void kernel_fault(struct trap_frame *frame)
{
    u32 resume = fixup_find(frame->eip);
    if (resume == 0)
        panic_at(frame, "%s (vector %u, error %x)", trap_name(frame->vector),
                 frame->vector, frame->error);
    frame->eip = resume;
}

static void kernel_page_fault(struct trap_frame *frame, u32 address)
{
    u32 resume = fixup_find(frame->eip);
    if (resume == 0 || address >= USER_END)
        panic_at(frame, "page fault at %08x (error %x)", address, frame->error);
    if (is_nofault(frame->eip)) {
        frame->eip = resume;
        return;
    }
    assert(this_cpu()->spin_depth == 0);
    if (frame->eflags & EFLAGS_INTERRUPT)
        cpu_interrupts_enable();
    if (on_page_fault(address, frame->error) < 0)
        frame->eip = resume;
    cpu_interrupts_disable();
}

static void user_page_fault(struct trap_frame *frame, u32 address)
{
    cpu_interrupts_enable();
    int result = -1;
    if (address < USER_END)
        result = on_page_fault(address, frame->error);
    if (result < 0)
        on_user_fault(frame, address, result);
}

/* Preemption by an interrupt: of user code always, of kernel code only where
 * it holds nothing. Interrupts are off, and stay so. */
static void preempt_if_due(void)
{
    struct cpu *cpu = this_cpu();
    if (cpu->switch_wanted && cpu->spin_depth == 0 &&
        stack_base()->preempt_depth == 0 && cpu->interrupt_depth == 0)
        on_preemption_due();
}

/* From a CPU that panics, or asks where this one is; or the watchdog's. */
static void nmi_arrived(const struct trap_frame *frame)
{
    while (panic_is_elsewhere())
        cpu_halt();
    locate_answer(frame);
    if (CHECKED)
        watchdog_beat(frame);
}

void on_panic_stop_others(void)
{
    for (u32 i = 0; i < cpu_count; i++)
        if (&cpus[i] != this_cpu())
            local_apic_send(&cpus[i], LOCAL_APIC_NMI);
    if (CHECKED)
        watchdog_stop();
}

/* Its arguments stand where the frame of its call ends. */
static noreturn void panic_called(const struct trap_frame *frame)
{
    const char *const *format = (const void *)&frame->esp;
    panic_with(frame, *format, (va_list)(format + 1));
}

/* Called by x86/entry.asm, interrupts off. */
by_registers void trap_dispatch(struct trap_frame *frame)
{
    u32 vector = frame->vector;
    assert_checked(!cpu_features.smap || vector == TRAP_PANIC ||
                   !(cpu_flags() & EFLAGS_ALIGNMENT));
    if (vector == TRAP_PAGE_FAULT) {
        u32 address = cr2_read();
        if (trap_from_user(frame))
            user_page_fault(frame, address);
        else
            kernel_page_fault(frame, address);
    } else if (vector - TRAP_INTERRUPT_BASE <
               TRAP_INTERRUPT_END - TRAP_INTERRUPT_BASE) {
        interrupt_dispatch(frame);
        preempt_if_due();
    } else if (vector == TRAP_NMI) {
        nmi_arrived(frame);
    } else if (vector == TRAP_PANIC) {
        panic_called(frame);
    } else if (trap_from_user(frame)) {
        cpu_interrupts_enable();
        on_user_fault(frame, frame->eip, 0);
    } else {
        kernel_fault(frame);
    }
}

void trap_frame_sanitize(struct trap_frame *frame)
{
    frame->cs |= 3;
    frame->ss |= 3;
    frame->eflags = (frame->eflags & EFLAGS_USER) | EFLAGS_INTERRUPT | 2;
}

void trap_frame_initialize(struct trap_frame *frame, u32 entry, u32 stack)
{
    *frame = (struct trap_frame){
        .es = SELECTOR_USER_DATA,
        .ds = SELECTOR_USER_DATA,
        .vector = TRAP_SYSCALL,
        .eip = entry,
        .cs = SELECTOR_USER_CODE,
        .eflags = EFLAGS_INTERRUPT | 2,
        .esp = stack,
        .ss = SELECTOR_USER_DATA,
    };
}

/* The order in which context_switch pops, then the return address. */
u32 context_prepare(u32 top, by_registers void (*function)(void *argument),
                    void *argument)
{
    u32 *stack = (u32 *)(uintptr_t)top;
    *--stack = (u32)(uintptr_t)context_entry;
    *--stack = 0;                        /* ebp: backtraces end */
    *--stack = (u32)(uintptr_t)function; /* ebx */
    *--stack = (u32)(uintptr_t)argument; /* esi */
    *--stack = 0;                        /* edi */
    return (u32)(uintptr_t)stack;
}

static void gate_set(u32 vector, u32 address, u32 bits)
{
    gates[vector] = (struct gate){
        .low = SELECTOR_KERNEL_CODE << 16 | (address & 0xffff),
        .high = (address & 0xffff0000u) | GATE_PRESENT | bits,
    };
}

static void print_registers(const struct trap_frame *frame)
{
    bool outer = trap_from_user(frame) || frame->vector == TRAP_DOUBLE_FAULT;
    printk("  eip %08x  cs %04x  eflags %08x  %s\n", frame->eip, frame->cs,
           frame->eflags, trap_name(frame->vector));
    printk("  eax %08x  ebx %08x  ecx %08x  edx %08x\n", frame->eax, frame->ebx,
           frame->ecx, frame->edx);
    printk("  esi %08x  edi %08x  ebp %08x  esp %08x\n", frame->esi, frame->edi,
           frame->ebp, outer ? frame->esp : (u32)(uintptr_t)&frame->esp);
    printk("  ds %04x  es %04x  fs %04x  gs %04x  cr0 %08x  cr2 %08x\n",
           frame->ds, frame->es, fs_read(), gs_read(), cr0_read(), cr2_read());
    printk("  cr3 %08x  cr4 %08x  error %x\n", cr3_read(), cr4_read(),
           frame->error);
}

void on_panic_backtrace(const struct trap_frame *frame)
{
    backtrace_print(frame->eip, frame->ebp);
}

static struct panic_section registers_section = {
    .title = "registers",
    .print = print_registers,
};

void traps_start_cpu(void)
{
    struct table_pointer pointer = {sizeof(gates) - 1, (u32)(uintptr_t)gates};
    segments_start(this_cpu());
    __asm__ volatile("lidt %0" ::"m"(pointer));
}

void traps_start(void)
{
    for (u32 i = 0; i < TRAP_COUNT; i++)
        gate_set(i, trap_entries[i], GATE_INTERRUPT);
    gate_set(TRAP_BREAKPOINT, trap_entries[TRAP_BREAKPOINT],
             GATE_INTERRUPT | GATE_USER);
    gate_set(TRAP_OVERFLOW, trap_entries[TRAP_OVERFLOW],
             GATE_INTERRUPT | GATE_USER);
    gate_set(TRAP_SYSCALL, (u32)(uintptr_t)syscall_entry,
             GATE_TRAP | GATE_USER);
    gates[TRAP_DOUBLE_FAULT] = (struct gate){SELECTOR_DOUBLE_FAULT_TSS << 16,
                                             GATE_PRESENT | GATE_TASK};
    panic_section_register(&registers_section);
    traps_start_cpu();
}
