/*
 * Birth, waiting and death of processes; their groups and sessions; what a
 * thread is told about itself.
 */
#include "syscall/table.h"

#include "core/cpu.h"
#include "lib/string.h"
#include "proc/futex.h"
#include "proc/process.h"
#include "syscall/usage.h"
#include "x86/user_copy.h"
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/wait.h>

#define WAIT_CLONE_OPTIONS (__WNOTHREAD | __WALL | __WCLONE)

/* ---- birth --------------------------------------------------------------- */

s32 sys_execve(struct trap_frame *frame, const char user *path,
               const u32 user *arguments, const u32 user *environment)
{
    return process_execute(frame, path, arguments, environment);
}

s32 sys_fork(struct trap_frame *frame)
{
    struct fork_request request = {.flags = SIGCHLD};
    return process_fork(frame, &request);
}

s32 sys_vfork(struct trap_frame *frame)
{
    struct fork_request request = {.flags = CLONE_VM | CLONE_VFORK | SIGCHLD};
    return process_fork(frame, &request);
}

s32 sys_clone(struct trap_frame *frame, u32 flags, u32 stack,
              u32 user *parent_tid, void user *tls, u32 user *child_tid)
{
    struct fork_request request = {
        .flags = flags,
        .stack = stack,
        .parent_tid = parent_tid,
        .child_tid = child_tid,
        .tls = tls,
    };
    return process_fork(frame, &request);
}

/* ---- death --------------------------------------------------------------- */

s32 sys_exit(s32 status)
{
    task_exit(((u32)status & 0xff) << 8);
}

s32 sys_exit_group(s32 status)
{
    process_exit(((u32)status & 0xff) << 8);
}

/* ---- waiting ------------------------------------------------------------- */

/* What waitpid's pid means. 0 or -ESRCH. */
static int wait_target_decode(s32 pid, struct wait_request *request)
{
    if (pid == (s32)0x80000000)
        return -ESRCH;
    request->target = pid == -1 ? WAIT_ANY : pid > 0 ? WAIT_PID : WAIT_GROUP;
    request->number = pid > 0 ? (u32)pid : (u32)-pid;
    if (pid == 0)
        request->number = (u32)sys_getpgid(0, false);
    return 0;
}

s32 sys_wait4(s32 pid, u32 user *status, u32 options, struct rusage user *usage)
{
    struct wait_request request;
    struct wait_result result;
    struct rusage text;

    if (options & ~(u32)(WNOHANG | WUNTRACED | WCONTINUED | WAIT_CLONE_OPTIONS))
        return -EINVAL;
    int found = wait_target_decode(pid, &request);
    if (found < 0)
        return found;
    request.options = options | WEXITED;
    found = process_wait(&request, &result);
    if (found <= 0)
        return found;
    if (status && user_store(status, result.status) < 0)
        return -EFAULT;
    if (!usage)
        return found;
    rusage_fill(&text, &result.usage);
    return user_copy_out(usage, &text, sizeof(text)) < 0 ? -EFAULT : found;
}

static int waitid_decode(s32 which, s32 id, u32 options,
                         struct wait_request *request)
{
    u32 known = WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED;

    if ((options & ~(known | WAIT_CLONE_OPTIONS)) ||
        !(options & (WEXITED | WSTOPPED | WCONTINUED)))
        return -EINVAL;
    request->options = options;
    request->number = (u32)id;
    if (which == P_ALL) {
        request->target = WAIT_ANY;
        return 0;
    }
    if ((which != P_PID && which != P_PGID) || id < 0 ||
        (which == P_PID && id == 0))
        return -EINVAL;
    request->target = which == P_PID ? WAIT_PID : WAIT_GROUP;
    if (which == P_PGID && id == 0)
        request->number = (u32)sys_getpgid(0, false);
    return 0;
}

s32 sys_waitid(s32 which, s32 id, siginfo_t user *info, u32 options,
               struct rusage user *usage)
{
    struct wait_request request;
    struct wait_result result;
    struct rusage text;
    siginfo_t told = {.si_signo = 0};
    u32 value;
    int found = waitid_decode(which, id, options, &request);

    if (found < 0)
        return found;
    found = process_wait(&request, &result);
    if (found < 0)
        return found;
    if (found > 0) {
        told.si_signo = SIGCHLD;
        told.si_code = wait_status_decode(result.status, &value);
        told.si_pid = (s32)result.pid;
        told.si_uid = result.uid;
        told.si_status = (s32)value;
        rusage_fill(&text, &result.usage);
        if (usage && user_copy_out(usage, &text, sizeof(text)) < 0)
            return -EFAULT;
    }
    /* As on Linux, nothing behind si_status is written. */
    size_t size = offsetof(siginfo_t, si_status) + sizeof(told.si_status);
    if (info && user_copy_out(info, &told, size) < 0)
        return -EFAULT;
    return 0;
}

/* ---- numbers, groups, sessions ------------------------------------------- */

s32 sys_getpid(void)
{
    return (s32)current_process()->pid;
}

s32 sys_gettid(void)
{
    return (s32)current_task()->tid;
}

s32 sys_getppid(void)
{
    struct process *process = current_process();

    spin_lock(&process_table_lock);
    s32 pid = process->parent ? (s32)process->parent->pid : 0;
    spin_unlock(&process_table_lock);
    return pid;
}

/* The group's or the session's number of a process (0: the caller). */
s32 sys_getpgid(s32 pid, bool session)
{
    s32 result = -ESRCH;

    spin_lock(&process_table_lock);
    struct process *process =
        pid == 0 ? current_process() : process_of((u32)pid);
    if (process)
        result = (s32)(session ? process->group->session->number.value
                               : group_number(process->group));
    spin_unlock(&process_table_lock);
    return result;
}

s32 sys_setpgid(s32 pid, s32 group)
{
    if (group < 0)
        return -EINVAL;
    return group_change(current_process(), (u32)pid, (u32)group);
}

s32 sys_setsid(void)
{
    return session_begin(current_process());
}

/* ---- a thread about itself ----------------------------------------------- */

s32 sys_set_tid_address(u32 user *tid)
{
    struct task *task = current_task();

    task->clear_child_tid = tid;
    return (s32)task->tid;
}

s32 sys_set_robust_list(void user *head, size_t size)
{
    if (size != ROBUST_HEAD_SIZE)
        return -EINVAL;
    current_task()->robust_list = (u32)(uintptr_t)head;
    return 0;
}

s32 sys_get_robust_list(s32 tid, u32 *head, u32 *size)
{
    s32 result = -ESRCH;

    *size = ROBUST_HEAD_SIZE;
    spin_lock(&process_table_lock);
    struct task *task = tid == 0 ? current_task() : task_find((u32)tid);
    if (task) {
        result = process_may_control(task->process) ? 0 : -EPERM;
        *head = task->robust_list;
    }
    spin_unlock(&process_table_lock);
    return result;
}

s32 sys_set_thread_area(struct user_desc *description)
{
    struct thread_segments *segments = &current_thread()->segments;

    /* A switch between the two would leave the CPU with the old entries. */
    cpu_interrupts_disable();
    int result = tls_entry_set(segments, description);
    if (result == 0)
        segments_load_tls(segments);
    cpu_interrupts_enable();
    return result;
}

s32 sys_get_thread_area(struct user_desc *description)
{
    return tls_entry_get(&current_thread()->segments, description);
}

s32 sys_personality(u32 persona)
{
    return persona == 0 || persona == 0xffffffffu ? 0 : -EINVAL;
}

static s32 name_set(u32 address)
{
    struct process *process = current_process();
    char name[THREAD_NAME_SIZE];
    int length = user_string_in(name, (const char user *)address, sizeof(name));

    if (length == -EFAULT)
        return -EFAULT;
    name[sizeof(name) - 1] = '\0';
    spin_lock(&process_table_lock);
    if (current_task()->tid == process->pid)
        string_copy(process->name, name, sizeof(name));
    string_copy(current_thread()->name, name, sizeof(name));
    spin_unlock(&process_table_lock);
    return 0;
}

s32 sys_prctl(s32 option, u32 argument2)
{
    if (option == PR_SET_NAME)
        return name_set(argument2);
    if (option == PR_GET_NAME)
        return user_copy_out((void user *)argument2, current_thread()->name,
                             THREAD_NAME_SIZE);
    if (option == PR_GET_DUMPABLE)
        return 1;
    return -EINVAL;
}
