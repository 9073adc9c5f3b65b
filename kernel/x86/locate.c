/*
 * A CPU is asked by an NMI, which gets through even where interrupts are off.
 * It may hold any lock then, the log's too: it only notes its registers, and
 * who asked prints them. Its stack may change meanwhile, unless it is stuck;
 * a backtrace reads nothing but stacks.
 */
#include "x86/locate.h"

#include "core/debug_key.h"
#include "core/panic.h"
#include "core/printk.h"
#include "x86/clock.h"
#include "x86/local_apic.h"
#include "x86/trap.h"

#define ANSWER_MICROSECONDS 5000u

static struct {
    u32 address, frame_pointer;
    bool in_user_code;
    volatile bool known; /* written last */
} answers[CPU_MAX];

void locate_answer(const struct trap_frame *frame)
{
    u32 here = this_cpu()->index;

    answers[here].address = frame->eip;
    answers[here].frame_pointer = frame->ebp;
    answers[here].in_user_code = trap_from_user(frame);
    answers[here].known = true;
}

static bool ask(const struct cpu *target)
{
    answers[target->index].known = false;
    local_apic_send(target, LOCAL_APIC_NMI);
    for (u32 i = 0; i < ANSWER_MICROSECONDS; i++) {
        if (answers[target->index].known)
            return true;
        clock_delay(1);
    }
    return false;
}

void locate_print(const struct cpu *target)
{
    u32 index = target->index;

    if (target == this_cpu())
        locate_answer(target->interrupted);
    if (target != this_cpu() && !ask(target)) {
        printk("cpu %u gives no answer\n", index);
    } else if (answers[index].in_user_code) {
        printk("cpu %u runs user code at %08x\n", index,
               answers[index].address);
    } else {
        printk("cpu %u:\n", index);
        backtrace_print(answers[index].address, answers[index].frame_pointer);
    }
}

static void locate_all(void)
{
    for (u32 i = 0; i < cpu_count; i++)
        locate_print(&cpus[i]);
}

static struct debug_key key = {.key = 'l',
                               .what = "where each CPU is",
                               .act = locate_all,
                               .at_once = true};

void locate_start(void)
{
    debug_key_register(&key);
}
