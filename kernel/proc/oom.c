/*
 * Out of memory: somebody has to go. The process with the most resident
 * pages ends, never init; the log says so in one line.
 */
#include "core/printk.h"
#include "mem/frame.h"
#include "proc/process.h"
#include "vm/upcalls.h"

/* With so many frames free nobody has to go: others gave some back meanwhile,
 * or the failure was ordered (mem/inject.h). More than CPUs keep in caches. */
#define FRAMES_ENOUGH 512u

/* The process with the most pages, or NULL. Who is on its way out already is
 * still the worst until its memory is back, so only one dies at a time. */
static struct process *victim_find(u32 *most)
{
    struct process *victim = NULL;
    struct number *number;

    number_for_each (number, NUMBER_PROCESS) {
        struct process *process = container_of(number, struct process, number);
        if (process == init_process || !process->space)
            continue;
        u32 pages = address_space_resident(process->space);
        if (victim && pages <= *most)
            continue;
        victim = process;
        *most = pages;
    }
    return victim;
}

static bool is_dying(struct process *process)
{
    return process->exiting ||
           (process->signals.pending.set & SIGNAL_BIT(9)) != 0;
}

bool on_out_of_memory(void)
{
    struct task *task = task_of(current_thread());
    bool first = false;
    u32 pages = 0;

    if (frame_free_count() > FRAMES_ENOUGH)
        return !task || !signal_kills(task);
    spin_lock(&process_table_lock);
    struct process *victim = victim_find(&pages);
    if (victim) {
        process_get(victim);
        first = !is_dying(victim);
    }
    spin_unlock(&process_table_lock);
    if (!victim)
        return false;
    if (first) {
        printk("out of memory: %u (%s) ends, with %u pages\n", victim->pid,
               victim->name, pages);
        signal_kill(victim);
    }
    bool mine = task && task->process == victim;
    process_put(victim);
    if (mine)
        return false;
    thread_yield();
    return !task || !signal_kills(task);
}
