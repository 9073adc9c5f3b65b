/*
 * Accounting and limits: getrusage, times, the rlimit family.
 */
#include "syscall/usage.h"

#include "proc/itimer.h"
#include "proc/task.h"
#include "syscall/table.h"
#include "syscall/time.h"
#include "x86/clock.h"

/* ---- accounting ---------------------------------------------------------- */

void rusage_fill(struct rusage *text, const struct process_usage *usage)
{
    *text = (struct rusage){
        .ru_utime = timeval_encode(usage->user_ticks * NANOSECONDS_PER_TICK),
        .ru_stime = timeval_encode(usage->kernel_ticks * NANOSECONDS_PER_TICK),
        .ru_maxrss = (s32)(usage->peak_resident * (PAGE_SIZE / KIB)),
        .ru_minflt = (s32)usage->minor_faults,
        .ru_nvcsw = (s32)usage->switches_wanted,
        .ru_nivcsw = (s32)usage->switches_suffered,
    };
}

s32 sys_getrusage(s32 who, struct rusage *usage)
{
    struct process *process = current_process();
    struct process_usage used;

    if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
        return -EINVAL;
    spin_lock(&process_table_lock);
    if (who == RUSAGE_CHILDREN)
        used = process->children_usage;
    else
        process_usage(process, &used);
    if (who == RUSAGE_THREAD) {
        u32 peak = used.peak_resident; /* of the memory that all share */
        task_usage(current_task(), &used);
        used.peak_resident = peak;
    }
    spin_unlock(&process_table_lock);
    rusage_fill(usage, &used);
    return 0;
}

s32 sys_times(struct tms *times)
{
    struct process *process = current_process();
    struct process_usage used;

    spin_lock(&process_table_lock);
    process_usage(process, &used);
    struct tms text = {
        .tms_utime = user_ticks(used.user_ticks),
        .tms_stime = user_ticks(used.kernel_ticks),
        .tms_cutime = user_ticks(process->children_usage.user_ticks),
        .tms_cstime = user_ticks(process->children_usage.kernel_ticks),
    };
    spin_unlock(&process_table_lock);
    if (times)
        *times = text;
    return (s32)clock_hundredths(clock_nanoseconds()) & 0x7fffffff;
}

/* ---- limits -------------------------------------------------------------- */

/* The new limits of a process, if the caller may set them. Lock held. */
static int limit_set(struct process *process, u32 resource,
                     const struct rlimit64 *limit)
{
    struct process_usage used;
    struct rlimit64 *now = &process->limits[resource];

    if (limit->rlim_cur > limit->rlim_max)
        return -EINVAL;
    if (limit->rlim_max > now->rlim_max && !acts_as_root())
        return -EPERM;
    if (resource == RLIMIT_NOFILE && limit->rlim_max > FD_LIMIT_MAX)
        return -EPERM;
    *now = *limit;
    process_usage(process, &used);
    if (resource == RLIMIT_CPU)
        cpu_limit_start(process, used.user_ticks + used.kernel_ticks);
    if (resource == RLIMIT_STACK && process->space)
        process->space->stack_limit =
            (u32)min(limit->rlim_cur, (u64)(USER_END / 2));
    return 0;
}

s32 sys_prlimit64(s32 pid, u32 resource, const struct rlimit64 *limit,
                  struct rlimit64 *old)
{
    int result = 0;

    if (resource >= RLIM_NLIMITS)
        return -EINVAL;
    spin_lock(&process_table_lock);
    struct process *process =
        pid == 0 ? current_process() : process_of((u32)pid);
    if (!process)
        result = -ESRCH;
    else if (process != current_process() && !process_may_control(process))
        result = -EPERM;
    if (result == 0 && old)
        *old = process->limits[resource];
    if (result == 0 && limit)
        result = limit_set(process, resource, limit);
    spin_unlock(&process_table_lock);
    return result;
}

/* Limits of 4 GiB and more look like none. */
s32 sys_ugetrlimit(u32 resource, struct rlimit *limit)
{
    struct rlimit64 now;
    int result = sys_prlimit64(0, resource, NULL, &now);

    if (result < 0)
        return result;
    limit->rlim_cur = (u32)min(now.rlim_cur, 0xffffffffull);
    limit->rlim_max = (u32)min(now.rlim_max, 0xffffffffull);
    return 0;
}

static u64 limit_widen(u32 value)
{
    return value == 0xffffffffu ? RLIM64_INFINITY : value;
}

s32 sys_setrlimit(u32 resource, const struct rlimit *limit)
{
    struct rlimit64 wanted = {limit_widen(limit->rlim_cur),
                              limit_widen(limit->rlim_max)};
    return sys_prlimit64(0, resource, &wanted, NULL);
}
