/*
 * The end of a task and of a process.
 *
 * The last task gives everything back while it can still sleep; then, in one
 * step under the table's lock, the process becomes a zombie, its children go
 * to init, its parent is told. The thread counts as dead from then on, though
 * it still has to leave its stack (threads_wait_buried).
 *
 * Interrupts stay off from where a task leaves the table to its last switch.
 * So on its own CPU nobody sees a zombie that still has a stack; and a task
 * that others outlive never comes back when they, and its page table, are
 * gone.
 */
#include "core/panic.h"
#include "proc/futex.h"
#include "proc/itimer.h"
#include "proc/task.h"
#include "proc/tty.h"
#include "x86/user_copy.h"
#include <asm/signal.h>
#include <linux/time.h>

void task_leave_space(struct task *task)
{
    const struct process *process = task->process;
    u32 user *tid = task->clear_child_tid;

    futex_robust_end(task);
    task->clear_child_tid = NULL;
    if (!tid || !process->space ||
        (process->task_count == 1 && process->space->references == 1))
        return;
    (void)user_store(tid, 0);
    (void)futex_wake(tid, true, 1, FUTEX_ANY);
}

/* Files, memory and the rest, which may take long. */
static void process_give_back(struct process *process)
{
    spin_lock(&process_table_lock);
    if (process->space)
        process->ended_usage.peak_resident = process->space->peak_resident;
    spin_unlock(&process_table_lock);
    interval_timer_set(process, ITIMER_REAL, 0, 0);
    thread_use_page_table(NULL);
    process_drop_parts(process);
    process_vfork_done(process);
}

/* ---- under the lock ------------------------------------------------------ */

static void adopt(struct list *children, struct list *by)
{
    struct process *child, *next;

    list_for_each_safe (child, next, children, sibling) {
        const struct process *parent = child->parent;
        child->parent = init_process;
        group_link_ends(child, parent);
        child->exit_signal = SIGCHLD;
        list_remove(&child->sibling);
        list_add_last(by, &child->sibling);
    }
}

static void process_orphan_children(struct process *process)
{
    bool dead = !list_is_empty(&process->zombies);

    adopt(&process->children, &init_process->children);
    adopt(&process->zombies, &init_process->zombies);
    if (dead)
        wait_queue_wake_all(&init_process->child_changed);
}

/* Does the parent want no zombie? Linux asks the action of SIGCHLD. */
static bool parent_ignores(const struct process *process)
{
    return process->exit_signal == SIGCHLD &&
           signal_parent_reaps_itself(process->parent);
}

/* Returns whether nobody will wait for it. */
static bool process_become_zombie(struct process *process)
{
    process_orphan_children(process);
    tty_leader_leaves(process);
    process->state = PROCESS_ZOMBIE;
    group_link_ends(process, process->parent);
    list_remove(&process->sibling);
    list_add_last(&process->parent->zombies, &process->sibling);
    bool ignored = parent_ignores(process);
    process_notify_parent(process, process->exit_status);
    if (ignored)
        process_reap(process);
    return ignored;
}

static noreturn void process_end(struct process *process, struct task *task)
{
    if (unlikely(process == init_process))
        halt_with_message("init has ended with status %x",
                          process->exit_status);
    process_give_back(process);
    cpu_interrupts_disable();
    spin_lock(&process_table_lock);
    signal_discard(process, &process->signals.pending);
    struct signal_actions *actions = process->actions;
    process->actions = NULL;
    task_delist(task);
    bool reaped = process_become_zombie(process);
    spin_unlock(&process_table_lock);
    signal_actions_put(actions);
    if (reaped)
        process_put(process);
    thread_exit();
}

/* ---- the calls ----------------------------------------------------------- */

noreturn void task_exit(u32 status)
{
    struct task *task = current_task();
    struct process *process = task->process;

    task_leave_space(task);
    cpu_interrupts_disable();
    spin_lock(&process_table_lock);
    if (process->task_count > 1) {
        task_delist(task);
        threads_go_on(process);
        spin_unlock(&process_table_lock);
        thread_exit();
    }
    if (!process->exiting)
        process->exit_status = status;
    process->exiting = true;
    spin_unlock(&process_table_lock);
    cpu_interrupts_enable();
    process_end(process, task);
}

noreturn void process_exit(u32 status)
{
    struct process *process = current_process();

    spin_lock(&process_table_lock);
    if (!process->exiting) {
        process->exiting = true;
        process->exit_status = status;
        threads_end_others(process);
    }
    spin_unlock(&process_table_lock);
    task_exit(status);
}
