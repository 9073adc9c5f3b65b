/*
 * The scheduler as programs see it: yielding, CPUs, policies, nice values. Who
 * may change what is in proc/schedule.c.
 */
#include "syscall/table.h"

#include "proc/process.h"
#include "sched/scheduler.h"
#include "syscall/time.h"
#include "x86/clock.h"
#include "x86/user_copy.h"

s32 sys_sched_yield(void)
{
    thread_yield();
    return 0;
}

/* 0 is the caller. Lock of the table held. */
static struct task *task_asked(s32 tid)
{
    return tid == 0 ? current_task() : task_find((u32)tid);
}

static u32 cpu_mask(void)
{
    return (1u << cpu_count) - 1;
}

/* A task (0: the caller) with a reference to its thread, or NULL. */
static struct task *task_find_get(s32 tid)
{
    spin_lock(&process_table_lock);
    struct task *task = task_asked(tid);
    if (task)
        thread_get(&task->thread);
    spin_unlock(&process_table_lock);
    return task;
}

s32 sys_sched_getaffinity(s32 tid, size_t size, u32 *mask)
{
    if (size < sizeof(u32) || size % sizeof(u32) != 0)
        return -EINVAL;
    struct task *task = task_find_get(tid);
    if (!task)
        return -ESRCH;
    *mask = task->thread.affinity & cpu_mask();
    thread_put(&task->thread);
    return (s32)sizeof(*mask);
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
    bool may = acts_as_root() || schedule_is_own(task->process);
    s32 result = !may ? -EPERM : wanted == 0 ? -EINVAL : 0;
    if (result == 0)
        thread_set_affinity(&task->thread, wanted);
    thread_put(&task->thread);
    return result;
}

/* ---- policies ------------------------------------------------------------ */

#define POLICY_KEPT (-1)

/* 0, -EINVAL or -ESRCH. */
static s32 schedule_read(s32 tid, struct schedule *schedule)
{
    if (tid < 0)
        return -EINVAL;
    spin_lock(&process_table_lock);
    const struct task *task = task_asked(tid);
    if (task)
        *schedule = task->schedule;
    spin_unlock(&process_table_lock);
    return task ? 0 : -ESRCH;
}

static s32 schedule_change(s32 tid, s32 policy, const s32 *parameter)
{
    s32 result = -ESRCH;

    if (!parameter || tid < 0)
        return -EINVAL;
    spin_lock(&process_table_lock);
    struct task *task = task_asked(tid);
    if (task) {
        struct schedule wanted = task->schedule;
        wanted.real_time = (u32)*parameter;
        if (policy != POLICY_KEPT) {
            wanted.policy = (u32)policy & ~SCHED_RESET_ON_FORK;
            wanted.reset_on_fork = policy & SCHED_RESET_ON_FORK;
        }
        result = schedule_set(task, &wanted);
    }
    spin_unlock(&process_table_lock);
    return result;
}

s32 sys_sched_setscheduler(s32 pid, s32 policy, const s32 *parameter)
{
    return policy < 0 ? -EINVAL : schedule_change(pid, policy, parameter);
}

s32 sys_sched_setparam(s32 pid, const s32 *parameter)
{
    return schedule_change(pid, POLICY_KEPT, parameter);
}

s32 sys_sched_getscheduler(s32 pid)
{
    struct schedule schedule;
    s32 result = schedule_read(pid, &schedule);

    if (result == 0 && schedule.reset_on_fork)
        schedule.policy |= SCHED_RESET_ON_FORK;
    return result < 0 ? result : (s32)schedule.policy;
}

s32 sys_sched_getparam(s32 pid, s32 *parameter)
{
    struct schedule schedule;
    s32 result = parameter ? schedule_read(pid, &schedule) : -EINVAL;

    if (result == 0)
        *parameter = (s32)schedule.real_time;
    return result;
}

/* The best or the worst priority, whose number is `real_time` where it counts.
 */
s32 sys_sched_get_priority_max(s32 policy, u32 real_time)
{
    if (schedule_is_real_time((u32)policy))
        return (s32)real_time;
    bool other = policy == SCHED_NORMAL || policy == SCHED_BATCH ||
                 policy == SCHED_IDLE || policy == SCHED_DEADLINE;
    return other ? 0 : -EINVAL;
}

/* Who is SCHED_FIFO has no quantum: 0, as on Linux. */
s32 sys_sched_rr_get_interval(s32 pid, void user *interval, bool wide)
{
    struct schedule schedule;
    s32 result = schedule_read(pid, &schedule);
    u64 quantum = (u64)scheduler_quantum * NANOSECONDS_PER_TICK;

    if (result < 0)
        return result;
    return timespec_out(interval, wide,
                        schedule.policy == SCHED_FIFO ? 0 : quantum);
}

/* ---- nice values --------------------------------------------------------- */

static u32 number_of(const struct task *task, s32 which)
{
    return which == PRIO_PROCESS ? task->tid
           : which == PRIO_PGRP  ? group_number(task->process->group)
                                 : task->process->credentials.uid.real;
}

static s32 clamp_nice(s32 nice)
{
    return max(NICE_MIN, min(nice, NICE_MAX));
}

/* Tells the best nice value of all tasks that are meant, as Linux 20 minus it,
 * so that no answer is an error; or changes them. Whatever fails there is
 * told, but does not keep the others from it. */
s32 sys_setpriority(s32 which, s32 who, s32 nice, bool tell)
{
    s32 result = -ESRCH;
    struct number *number;

    if (which < PRIO_PROCESS || which > PRIO_USER)
        return -EINVAL;
    spin_lock(&process_table_lock);
    if (who == 0)
        who = (s32)number_of(current_task(), which);
    number_for_each (number, NUMBER_TASK) {
        struct task *task = container_of(number, struct task, number);
        if (number_of(task, which) != (u32)who)
            continue;
        s32 one = tell ? 20 - task->schedule.nice
                       : schedule_set_nice(task, clamp_nice(nice));
        if (result == -ESRCH || (tell ? one > result : one < 0))
            result = one;
    }
    spin_unlock(&process_table_lock);
    return result;
}

s32 sys_nice(s32 increment)
{
    struct task *task = current_task();

    increment = max(-40, min(increment, 40));
    spin_lock(&process_table_lock);
    s32 nice = clamp_nice(task->schedule.nice + increment);
    s32 result = schedule_set_nice(task, nice);
    spin_unlock(&process_table_lock);
    return result == -EACCES ? -EPERM : result;
}

/* ---- which CPU ----------------------------------------------------------- */

s32 sys_getcpu(u32 *cpu, u32 *node)
{
    preempt_disable();
    u32 index = this_cpu()->index;
    preempt_enable();
    if (cpu)
        *cpu = index;
    if (node)
        *node = 0;
    return 0;
}
