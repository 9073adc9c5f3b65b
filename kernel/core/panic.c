/*
 * The report, from message to backtrace. The first CPU that panics prints it;
 * others that come here meanwhile stop in silence. A second panic on the same
 * CPU means that the report itself is broken: end at once.
 */
#include "core/panic.h"
#include "core/layout.h"
#include "core/machine_exit.h"
#include "core/percpu.h"
#include "core/printk.h"
#include "core/symbols.h"
#include "core/atomic.h"
#include "lib/format.h"

#define MESSAGE_SIZE        200
#define BACKTRACE_LINES_MAX 64

static struct panic_section *sections;
static volatile u32 panicking;     /* 1 + index of the CPU that reports */
static char message[MESSAGE_SIZE]; /* that CPU's */

void panic_section_register(struct panic_section *section)
{
    struct panic_section **end = &sections;
    while (*end != NULL)
        end = &(*end)->next;
    section->next = NULL;
    *end = section;
}

/* Names the function that `address` lies in, or behind: a call that never
 * returns may be a function's last byte, so that its return address belongs
 * to the next function. `behind` is 1 for a return address, else 0. */
static void address_print(u32 address, u32 behind)
{
    u32 offset;
    char name[SYMBOL_NAME_SIZE];
    if (symbol_find(address - behind, name, &offset))
        printk("  %08x %s+0x%x\n", address, name, offset + behind);
    else
        printk("  %08x\n", address);
}

/* Whether a frame (saved frame pointer, return address) at this address can
 * lie on a kernel stack: one of a slot, or one inside the kernel image. */
static bool frame_is_on_stack(u32 address)
{
    u32 last = address + 2 * sizeof(u32) - 1;
    if (address % sizeof(u32) != 0 || last < address)
        return false;
    if (address >= STACK_AREA_START && last < STACK_AREA_END)
        return address % STACK_SLOT_SIZE >= STACK_SIZE;
    return address >= (u32)(uintptr_t)data_start &&
           last < (u32)(uintptr_t)kernel_end;
}

void backtrace_print(u32 address, u32 frame_pointer)
{
    u32 stack = frame_pointer & -STACK_SIZE;
    if (address != 0)
        address_print(address, 0);
    for (u32 line = 0; line < BACKTRACE_LINES_MAX; line++) {
        if ((frame_pointer & -STACK_SIZE) != stack ||
            !frame_is_on_stack(frame_pointer))
            return;
        const u32 *frame = (const u32 *)(uintptr_t)frame_pointer;
        if (frame[1] == 0)
            return;
        address_print(frame[1], 1);
        /* A stack grows down, so its older frames lie above. */
        if (frame[0] <= frame_pointer)
            return;
        frame_pointer = frame[0];
    }
    printk("  ...\n");
}

bool panic_is_elsewhere(void)
{
    return panicking != 0 && panicking != this_cpu()->index + 1;
}

/* Makes this CPU the one that reports, with its message, or does not come
 * back. */
static void panic_claim(const char *format, va_list arguments)
{
    cpu_interrupts_disable();
    u32 self = this_cpu()->index + 1;
    if (panicking == self)
        machine_exit(MACHINE_EXIT_PANIC);
    if (!atomic_compare_exchange(&panicking, 0, self))
        for (;;)
            cpu_halt();
    on_panic_stop_others();
    log_enter_panic();
    format_text_list(message, sizeof(message), format, arguments);
}

void panic_with(const struct trap_frame *frame, const char *format,
                va_list arguments)
{
    panic_claim(format, arguments);
    printk("panic: %s\n", message);
    for (struct panic_section *s = sections; s != NULL; s = s->next) {
        printk("%s:\n", s->title);
        s->print(frame);
    }
    printk("backtrace:\n");
    on_panic_backtrace(frame);
    printk("end of panic\n");
    machine_exit(MACHINE_EXIT_PANIC);
}

void panic_at(const struct trap_frame *frame, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    panic_with(frame, format, arguments);
}

void halt_with_message(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    panic_claim(format, arguments);
    va_end(arguments);
    printk("Spindle cannot run: %s\n", message);
    machine_exit(MACHINE_EXIT_PANIC);
}
