/*
 * What /proc lists by number: the descriptors and the threads of a process.
 */
#include "proc/procfs.h"

#include "fs/fs_context.h"
#include "proc/process.h"
#include <asm/errno.h>

int proc_fd_from(u32 pid, u32 fd)
{
    int result = -ENOENT;

    spin_lock(&process_table_lock);
    struct process *process = process_find(pid);
    if (process && !process_may_control(process))
        result = -EACCES;
    else if (process && process->files)
        result = fd_next(process->files, fd);
    spin_unlock(&process_table_lock);
    return result == -1 ? -ENOENT : result;
}

int proc_task_from(u32 pid, u32 from)
{
    u32 lowest = NUMBER_MAX;
    struct task *task;

    spin_lock(&process_table_lock);
    struct process *process = process_find(pid);
    if (process)
        list_for_each (task, &process->tasks, link)
            if (task->tid >= from)
                lowest = min(lowest, task->tid);
    spin_unlock(&process_table_lock);
    return lowest < NUMBER_MAX ? (int)lowest : -ENOENT;
}

int proc_process_from(u32 unused, u32 from)
{
    u32 pid = 0;

    if (from < NUMBER_MAX) {
        spin_lock(&process_table_lock);
        struct number *next = number_next(NUMBER_PROCESS, from);
        pid = next ? next->value : 0;
        spin_unlock(&process_table_lock);
    }
    if (pid == 0 && kernel_thread_find(max(from, NUMBER_MAX), NULL))
        pid = max(from, NUMBER_MAX);
    return pid != 0 ? (int)pid : -ENOENT;
}

int proc_file_find(u32 pid, u32 fd, struct file **file)
{
    int next = proc_fd_from(pid, fd);

    if (next < 0 || (u32)next != fd)
        return next < 0 ? next : -ENOENT;
    spin_lock(&process_table_lock);
    struct process *process = process_find(pid);
    struct fd_table *files = process ? process->files : NULL;
    if (files)
        fd_table_get(files);
    spin_unlock(&process_table_lock);
    if (!files)
        return -ENOENT;
    *file = fd_get_shared(files, fd);
    fd_table_put(files);
    return *file ? 0 : -ENOENT;
}
