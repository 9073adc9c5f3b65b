/*
 * Out of memory: somebody has to go. The process with the most resident
 * pages ends, never init; the log says so in one line.
 */
#include "core/panic.h"
#include "core/printk.h"
#include "mem/frame.h"
#include "proc/process.h"
#include "sched/timer.h"
#include "vm/upcalls.h"
#include "x86/clock.h"
#include <asm/siginfo.h>
#include <asm/signal.h>

/* With so many frames free nobody has to go: others gave some back meanwhile,
 * or the failure was ordered (mem/inject.h), or what is wanted is a run of
 * frames. More than CPUs keep in caches. */
#define FRAMES_ENOUGH 512u

/* The process with the most pages, or NULL. Who is on its way out already is
 * still the worst until its memory is back, so only one dies at a time. */
static struct process *victim_find(u32 *most)
{
    struct process *victim = NULL;
    struct number *number;

    number_for_each (number, NUMBER_PROCESS) {
        struct process *process = container_of(number, struct process, number);
        u32 pages = process->space ? address_space_resident(process->space)
                                   : process->pages_leaving;
        if (process == init_process || pages <= *most)
            continue;
        victim = process;
        *most = pages;
    }
    return victim;
}

bool on_out_of_memory(void)
{
    const struct signal_info kill = {.number = SIGKILL, .code = SI_KERNEL};
    struct task *task = task_of(current_thread());
    u32 pages = 0;

    spin_lock(&process_table_lock);
    struct process *victim = victim_find(&pages);
    /* Asked last: who is not found any more has given all back. */
    bool lacks = frame_free_count() <= FRAMES_ENOUGH;
    bool gives_up = lacks && (!victim || (task && task->process == victim));
    if (lacks && victim && !victim->exiting && !victim->chosen) {
        victim->chosen = true;
        printk("out of memory: %u (%s) ends, with %u pages\n", victim->pid,
               victim->name, pages);
        (void)signal_send_locked(victim, &kill);
    }
    spin_unlock(&process_table_lock);
    if (gives_up && task && task->process == init_process)
        halt_with_message("out of memory, and only init is left");
    if (gives_up)
        return false;
    thread_sleep_until(clock_nanoseconds() + NANOSECONDS_PER_TICK);
    return !task || !signal_kills(task);
}
