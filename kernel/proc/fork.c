/*
 * fork, vfork, clone: a new process as a copy of the current one, with a copy
 * of the task that calls; or a new thread of the same process (proc/task.c).
 *
 * Everything that can fail happens before the child is in the table; it gets
 * its number, its place in the group and its first run together, under the
 * lock under which signals are sent to groups. So Ctrl-C reaches either the
 * parent before it forks, which then gives up, or the child too.
 */
#include "fs/fs_context.h"
#include "lib/string.h"
#include "mem/heap.h"
#include "proc/itimer.h"
#include "proc/task.h"
#include "x86/clock.h"
#include <asm/errno.h>
#include <asm/signal.h>
#include <linux/resource.h>
#include <linux/sched.h>

/* Kept for init's own children: a fork bomb leaves room for a shell. */
#define THREADS_RESERVED 16

#define FLAGS_KNOWN                                                            \
    (CSIGNAL | CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |             \
     CLONE_VFORK | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |               \
     CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID |         \
     CLONE_DETACHED | CLONE_UNTRACED | CLONE_IO)

/* What the threads of a process share: all or nothing. */
#define FLAGS_THREAD (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND)

static int fork_check(const struct fork_request *request)
{
    u32 flags = request->flags;

    if (flags & ~(u32)FLAGS_KNOWN)
        return -EINVAL;
    if ((flags & CLONE_SIGHAND) && !(flags & CLONE_VM))
        return -EINVAL;
    if ((flags & CLONE_THREAD) &&
        (flags & (FLAGS_THREAD | CLONE_VFORK)) != FLAGS_THREAD)
        return -EINVAL;
    if ((flags & CSIGNAL) > SIGNAL_COUNT)
        return -EINVAL;
    if (current_process() != init_process &&
        thread_count() + THREADS_RESERVED >= thread_limit())
        return -EAGAIN;
    return 0;
}

/* ---- the process --------------------------------------------------------- */

/* A process with nothing of its own yet, one reference. */
static struct process *process_create(void)
{
    struct process *process = heap_alloc_zeroed(sizeof(*process));

    if (!process)
        return NULL;
    process->references = 1;
    process->start_time = clock_nanoseconds();
    list_initialize(&process->children);
    list_initialize(&process->zombies);
    list_initialize(&process->sibling);
    list_initialize(&process->group_link);
    list_initialize(&process->tasks);
    wait_queue_initialize(&process->child_changed, &process_table_lock);
    signal_process_initialize(&process->signals);
    timer_initialize(&process->real_timer.timer, real_timer_expire);
    return process;
}

static void process_inherit(struct process *process,
                            const struct process *parent, u32 flags)
{
    process->credentials = parent->credentials;
    memcpy(process->limits, parent->limits, sizeof(process->limits));
    memcpy(process->name, parent->name, sizeof(process->name));
    process->exit_signal = flags & CSIGNAL;
    if (unlikely(process->limits[RLIMIT_CPU].rlim_cur != RLIM64_INFINITY))
        cpu_limit_start(process, 0);
}

#define shared_or_copied(flag, part, get, copy)                                \
    ((flag) ? (get(part), (part)) : copy(part))

/* 0 or -ENOMEM; what was made stays in `process` for process_abandon. */
static int process_copy_parts(struct process *process, struct process *parent,
                              u32 flags)
{
    process_inherit(process, parent, flags);
    process->executable = parent->executable;
    if (process->executable.inode)
        path_get(&process->executable);
    process->actions =
        shared_or_copied(flags & CLONE_SIGHAND, parent->actions,
                         signal_actions_get, signal_actions_copy);
    process->context = shared_or_copied(flags & CLONE_FS, parent->context,
                                        fs_context_get, fs_context_copy);
    process->files = shared_or_copied(flags & CLONE_FILES, parent->files,
                                      fd_table_get, fd_table_copy);
    if (!process->actions || !process->context || !process->files)
        return -ENOMEM;
    process->space = shared_or_copied(flags & CLONE_VM, parent->space,
                                      address_space_get, address_space_fork);
    return process->space ? 0 : -ENOMEM;
}

/* ---- into the table ------------------------------------------------------ */

/* Has the user as many tasks as RLIMIT_NPROC allows? Root may have more. */
static slow_path bool user_is_full(const struct process *process, u32 uid)
{
    u32 tasks = 0;
    u64 limit = process->limits[RLIMIT_NPROC].rlim_cur;
    struct number *number;

    if (limit == RLIM64_INFINITY || acts_as_root())
        return false;
    number_for_each (number, NUMBER_PROCESS) {
        const struct process *one =
            container_of(number, struct process, number);
        if (one->credentials.uid.real == uid)
            tasks += max(one->task_count, 1u); /* a zombie counts */
    }
    return tasks >= limit;
}

/* The first task of a process, or one more of the parent's. Its number, -EAGAIN
 * without one, or -ERESTARTNOINTR when the process ends or has a signal to see
 * to: a stop is for the new task as well. */
static int fork_commit(struct process *parent, struct process *process,
                       struct task *task, u32 flags)
{
    int result = -ERESTARTNOINTR;
    bool first = process != parent;

    spin_lock(&process_table_lock);
    if (thread_is_interrupted() || parent->exiting)
        goto unlock;
    result = -EAGAIN;
    u32 number = 0, uid = parent->credentials.uid.real;
    if (uid == 0 || !user_is_full(parent, uid))
        number = number_choose();
    if (number == 0)
        goto unlock;
    if (first)
        process_enlist(process, parent, number);
    task_enlist(task, number);
    schedule_inherit(task);
    if (first) {
        group_join(parent->group, process);
        signal_pass_on(parent, process);
    }
    if (flags & CLONE_VFORK) {
        process->vfork_parent = current_task();
        thread_get(current_thread());
    }
    result = (int)number;
unlock:
    spin_unlock(&process_table_lock);
    return result;
}

void process_vfork_done(struct process *process)
{
    if (likely(!process->vfork_parent))
        return;
    spin_lock(&process_table_lock);
    struct task *parent = process->vfork_parent;
    process->vfork_parent = NULL;
    spin_unlock(&process_table_lock);
    if (!parent)
        return;
    thread_unpark(&parent->thread);
    thread_put(&parent->thread);
}

/* Until the child lets go of the space, or the parent is to die. */
static void vfork_wait(struct process *child)
{
    struct task *const volatile *waiting = &child->vfork_parent;

    while (*waiting && !signal_kills(current_task()))
        thread_park();
    if (*waiting)
        process_vfork_done(child);
}

/* A process that never came into the table. */
static void process_abandon(struct process *process)
{
    process_drop_parts(process);
    if (process->actions)
        signal_actions_put(process->actions);
    process_put(process);
}

int process_fork(const struct trap_frame *frame,
                 const struct fork_request *request)
{
    struct process *parent = current_process();
    struct task *task;
    u32 flags = request->flags;
    int result = fork_check(request);

    if (result < 0)
        return result;
    struct process *process = flags & CLONE_THREAD ? parent : process_create();
    if (!process)
        return -ENOMEM;
    if (process != parent)
        result = process_copy_parts(process, parent, flags);
    if (result == 0)
        result = task_copy(process, frame, request, &task);
    if (result == 0) {
        result = fork_commit(parent, process, task, flags);
        if (result < 0)
            task_abandon(task);
    }
    if (result < 0) {
        if (process != parent)
            process_abandon(process);
        return result;
    }
    task_launch(task, request);
    if (flags & CLONE_VFORK)
        vfork_wait(process);
    if (process != parent)
        process_put(process);
    return result;
}

/* ---- the first process --------------------------------------------------- */

static void limits_initialize(struct rlimit64 *limits)
{
    for (u32 i = 0; i < RLIM_NLIMITS; i++)
        limits[i] = (struct rlimit64){RLIM64_INFINITY, RLIM64_INFINITY};
    limits[RLIMIT_STACK].rlim_cur = 8 * MIB;
    limits[RLIMIT_CORE].rlim_cur = 0;
    limits[RLIMIT_NICE] = limits[RLIMIT_RTPRIO] = (struct rlimit64){0, 0};
    limits[RLIMIT_NOFILE] = (struct rlimit64){FD_LIMIT_DEFAULT, FD_LIMIT_MAX};
}

static int first_parts(struct process *process)
{
    process->files = fd_table_create();
    process->context = fs_context_create(&root_path);
    process->actions = signal_actions_copy(NULL);
    limits_initialize(process->limits);
    string_copy(process->name, "init", sizeof(process->name));
    return process->files && process->context && process->actions ? 0 : -ENOMEM;
}

struct process *process_create_first(void (*function)(void *argument),
                                     void *argument)
{
    struct process *process = process_create();
    struct task *task = heap_alloc(sizeof(*task));

    if (!process || !task || first_parts(process) < 0 ||
        session_begin(process) < 0 ||
        task_prepare(task, process, function, argument) < 0)
        return NULL; /* the boot ends: nothing to give back */
    fpu_state_initialize(&task->fpu);
    spin_lock(&process_table_lock);
    process_enlist(process, NULL, number_choose());
    task_enlist(task, process->pid);
    init_process = process;
    spin_unlock(&process_table_lock);
    thread_start(&task->thread);
    thread_put(&task->thread);
    return process;
}
