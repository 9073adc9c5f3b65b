/*
 * Several threads in one process: one of them ends, all but one are to end.
 *
 * A thread that is to end has THREAD_WORK_EXIT, which interrupts whatever it
 * waits for; it ends by itself, on its way back to user code.
 */
#include "proc/task.h"

#include <asm/errno.h>

void threads_go_on(struct process *process)
{
    if (process->last_task)
        thread_unpark(&process->last_task->thread);
    if (process->signals.pending.set != 0)
        signal_look_again(process);
    process_look_whether_stopped(process);
}

void threads_end_others(struct process *process)
{
    struct task *task;

    list_for_each (task, &process->tasks, link)
        if (task != current_task())
            task_set_work(task, THREAD_WORK_EXIT);
}

static slow_path int wait_until_alone(struct process *process)
{
    struct task *task = current_task();
    int result = -EAGAIN;

    spin_lock(&process_table_lock);
    if (process->exiting || process->last_task)
        goto unlock;
    process->last_task = task;
    threads_end_others(process);
    while (process->task_count > 1 && !signal_kills(task))
        thread_park_unlocking(&process_table_lock);
    process->last_task = NULL;
    if (process->task_count == 1)
        result = 0;
unlock:
    spin_unlock(&process_table_lock);
    return result;
}

int process_end_other_tasks(void)
{
    struct process *process = current_process();
    return process->task_count == 1 ? 0 : wait_until_alone(process);
}
