/*
 * Tasks, the threads of processes: made as copies of the current one, into
 * the table and out of it.
 *
 * The tasks of a process share all that its struct holds. What is counted as
 * used by one process alone is used without its lock (fd_table, fs_context),
 * so each task but one counts once more there: where there are two, the locks
 * are taken.
 */
#include "proc/task.h"

#include "core/cpu.h"
#include "mem/heap.h"
#include "proc/futex.h"
#include "x86/switch.h"
#include "x86/user_copy.h"
#include <asm/errno.h>
#include <asm/ldt.h>
#include <linux/sched.h>

/* ---- making and freeing -------------------------------------------------- */

/* The last reference is gone, maybe in the middle of a switch of threads. */
static void task_release(struct thread *thread)
{
    struct task *task = (struct task *)thread;

    process_put(task->process);
    heap_free(task);
}

struct task *task_of(struct thread *thread)
{
    return thread->release == task_release ? (struct task *)thread : NULL;
}

int task_prepare(struct task *task, struct process *process,
                 void (*function)(void *argument), void *argument)
{
    int result = thread_prepare(&task->thread, process->name, function,
                                argument, task_release);

    if (result < 0)
        return result;
    task->thread.fpu = &task->fpu;
    task->thread.limits = process->limits;
    task->process = process;
    process_get(process);
    list_initialize(&task->link);
    signal_task_initialize(&task->signals);
    task->clear_child_tid = NULL;
    task->set_child_tid = NULL;
    task->robust_list = 0;
    list_initialize(&task->pi_locks);
    task->faults = 0;
    task->stands = false;
    task->restart.again = NULL;
    task->schedule = (struct schedule){.policy = SCHED_NORMAL};
    return 0;
}

void task_abandon(struct task *task)
{
    thread_abandon(&task->thread);
    process_put(task->process);
    heap_free(task);
}

/* ---- into the table, and out of it --------------------------------------- */

void task_enlist(struct task *task, u32 tid)
{
    struct process *process = task->process;

    task->tid = tid;
    task->thread.timed = process->timed;
    number_add(&task->number, NUMBER_TASK, tid);
    list_add_last(&process->tasks, &task->link);
    if (process->task_count++ == 0)
        return;
    fd_table_get(process->files);
    fs_context_get(process->context);
}

void task_renumber(struct task *task, u32 tid)
{
    number_remove(&task->number);
    number_add(&task->number, NUMBER_TASK, tid);
    task->tid = tid;
}

void task_usage(const struct task *task, struct process_usage *usage)
{
    *usage = (struct process_usage){
        .ran = thread_ran(&task->thread),
        .user_ticks = task->thread.user_ticks,
        .kernel_ticks = task->thread.kernel_ticks,
        .minor_faults = task->faults,
        .switches_wanted = (u32)task->thread.switches_wanted,
        .switches_suffered = (u32)task->thread.switches_suffered,
    };
}

void task_delist(struct task *task)
{
    struct process *process = task->process;
    struct process_usage usage;

    task_usage(task, &usage);
    process_usage_add(&process->ended_usage, &usage);
    signal_discard(process, &task->signals.pending);
    futex_owner_ends(task);
    number_remove(&task->number);
    list_remove(&task->link);
    thread_retire();
    if (--process->task_count == 0)
        return;
    /* Never the last references: those are the process's own. */
    fd_table_put(process->files);
    fs_context_put(process->context);
}

/* ---- copying the current one --------------------------------------------- */

/* The first steps of a child, on its own stack. */
static void task_begin(void *argument)
{
    struct task *task = argument;

    if (task->set_child_tid)
        (void)user_store(task->set_child_tid, task->tid);
    cpu_interrupts_disable();
    trap_return(thread_user_frame(&task->thread));
}

static int task_copy_tls(struct task *task, const struct fork_request *request)
{
    struct user_desc description;

    if (!(request->flags & CLONE_SETTLS))
        return 0;
    if (user_copy_in(&description, request->tls, sizeof(description)) < 0)
        return -EFAULT;
    if (description.entry_number == (u32)-1)
        return -EINVAL;
    return tls_entry_set(&task->thread.segments, &description);
}

/* The registers: the parent's, but for the result and what clone asks. */
static int task_copy_context(struct task *task, const struct trap_frame *frame,
                             const struct fork_request *request)
{
    struct task *parent = current_task();
    struct trap_frame *copy = thread_user_frame(&task->thread);

    *copy = *frame;
    copy->eax = 0;
    if (request->stack != 0)
        copy->esp = request->stack;
    fpu_save(&task->fpu);
    task->thread.page_table = &task->process->space->page_table;
    task->thread.affinity = parent->thread.affinity;
    task->thread.segments = parent->thread.segments;
    task->thread.segments.fs = segments_fs();
    task->thread.segments.gs = segments_gs();
    task->signals.blocked = parent->signals.blocked;
    if (!(request->flags & CLONE_VM) || (request->flags & CLONE_VFORK))
        task->signals.stack = parent->signals.stack;
    if (request->flags & CLONE_CHILD_CLEARTID)
        task->clear_child_tid = request->child_tid;
    if (request->flags & CLONE_CHILD_SETTID)
        task->set_child_tid = request->child_tid;
    return task_copy_tls(task, request);
}

int task_copy(struct process *process, const struct trap_frame *frame,
              const struct fork_request *request, struct task **copied)
{
    struct task *task = heap_alloc(sizeof(*task));

    if (!task)
        return -ENOMEM;
    int result = task_prepare(task, process, task_begin, task);
    if (result < 0) {
        heap_free(task);
        return result;
    }
    result = task_copy_context(task, frame, request);
    if (result < 0) {
        task_abandon(task);
        return result;
    }
    *copied = task;
    return 0;
}

void task_launch(struct task *task, const struct fork_request *request)
{
    if (request->flags & CLONE_PARENT_SETTID)
        (void)user_store(request->parent_tid, task->tid);
    thread_start(&task->thread);
    thread_put(&task->thread);
}
