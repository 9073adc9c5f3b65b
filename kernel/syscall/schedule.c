/*
 * The scheduler as programs see it: yielding, and the questions about CPUs,
 * policies and priorities that C libraries ask. Every thread is SCHED_OTHER
 * with priority 0.
 */
#include "syscall/table.h"

#include "proc/process.h"
#include "x86/user_copy.h"
#include <linux/sched.h>

s32 sys_sched_yield(void)
{
    thread_yield();
    return 0;
}

/* 0 when there is such a task (0: the caller), else -ESRCH. */
static s32 task_exists(s32 tid)
{
    if (tid == 0)
        return 0;
    spin_lock(&process_table_lock);
    bool exists = task_find((u32)tid) != NULL;
    spin_unlock(&process_table_lock);
    return exists ? 0 : -ESRCH;
}

static u32 cpu_mask(void)
{
    return (1u << cpu_count) - 1;
}

/* A task (0: the caller) with a reference to its thread, or NULL. */
static struct task *task_find_get(s32 tid)
{
    spin_lock(&process_table_lock);
    struct task *task = tid == 0 ? current_task() : task_find((u32)tid);
    if (task)
        thread_get(&task->thread);
    spin_unlock(&process_table_lock);
    return task;
}

s32 sys_sched_getaffinity(s32 tid, size_t size, u32 user *mask)
{
    if (size < sizeof(u32) || size % sizeof(u32) != 0)
        return -EINVAL;
    struct task *task = task_find_get(tid);
    if (!task)
        return -ESRCH;
    u32 allowed = task->thread.affinity & cpu_mask();
    thread_put(&task->thread);
    return user_store(mask, allowed) < 0 ? -EFAULT : (s32)sizeof(allowed);
}

s32 sys_sched_setaffinity(s32 tid, size_t size, const u32 user *mask)
{
    u32 wanted = 0;

    if (user_copy_in(&wanted, mask, min(size, sizeof(wanted))) < 0)
        return -EFAULT;
    struct task *task = task_find_get(tid);
    if (!task)
        return -ESRCH;
    wanted &= cpu_mask();
    s32 result = !process_may_control(task->process) ? -EPERM
                 : wanted == 0                       ? -EINVAL
                                                     : 0;
    if (result == 0)
        thread_set_affinity(&task->thread, wanted);
    thread_put(&task->thread);
    return result;
}

s32 sys_sched_getscheduler(s32 pid)
{
    return pid < 0 ? -EINVAL : task_exists(pid);
}

s32 sys_sched_setscheduler(s32 pid, s32 policy, const s32 user *parameter)
{
    if (policy != SCHED_NORMAL)
        return -EINVAL;
    return sys_sched_setparam(pid, parameter);
}

s32 sys_sched_getparam(s32 pid, s32 user *parameter)
{
    s32 result = pid < 0 ? -EINVAL : task_exists(pid);
    return result < 0 ? result : user_store((u32 user *)parameter, 0);
}

s32 sys_sched_setparam(s32 pid, const s32 user *parameter)
{
    u32 priority;

    if (user_load(&priority, (const u32 user *)parameter) < 0)
        return -EFAULT;
    if (priority != 0 || pid < 0)
        return -EINVAL;
    return task_exists(pid);
}

/* The real-time policies exist in name, with Linux's range of priorities. */
static s32 priority_limit(s32 policy, s32 real_time)
{
    if (policy == SCHED_FIFO || policy == SCHED_RR)
        return real_time;
    bool other = policy == SCHED_NORMAL || policy == SCHED_BATCH ||
                 policy == SCHED_IDLE || policy == SCHED_DEADLINE;
    return other ? 0 : -EINVAL;
}

s32 sys_sched_get_priority_max(s32 policy)
{
    return priority_limit(policy, 99);
}

s32 sys_sched_get_priority_min(s32 policy)
{
    return priority_limit(policy, 1);
}

s32 sys_sched_rr_get_interval(s32 pid,
                              struct __kernel_old_timespec user *interval)
{
    struct __kernel_old_timespec none = {0, 0};
    s32 result = pid < 0 ? -EINVAL : task_exists(pid);

    return result < 0 ? result : user_copy_out(interval, &none, sizeof(none));
}

/* Linux answers 20 minus the nice value, which is always 0 here. */
s32 sys_getpriority(s32 which, s32 who)
{
    if (which < PRIO_PROCESS || which > PRIO_USER)
        return -EINVAL;
    s32 result = which == PRIO_PROCESS ? task_exists(who) : 0;
    return result < 0 ? result : 20;
}

s32 sys_setpriority(s32 which, s32 who, s32 priority)
{
    (void)priority;
    if (which < PRIO_PROCESS || which > PRIO_USER)
        return -EINVAL;
    return which == PRIO_PROCESS ? task_exists(who) : 0;
}

s32 sys_getcpu(u32 user *cpu, u32 user *node)
{
    preempt_disable();
    u32 index = this_cpu()->index;
    preempt_enable();
    if (cpu && user_store(cpu, index) < 0)
        return -EFAULT;
    return node ? user_store(node, 0) : 0;
}
