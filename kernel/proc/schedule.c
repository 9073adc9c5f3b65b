/*
 * From the words of sched(7) to the priorities of kernel/sched, and the rules
 * of who may do what: root all; others only to their own tasks, never to the
 * better than RLIMIT_NICE and RLIMIT_RTPRIO of those allow.
 */
#include "proc/schedule.h"

#include "proc/process.h"
#include <asm/errno.h>

static u32 priority_of(const struct schedule *schedule)
{
    if (schedule->real_time != 0)
        return PRIORITY_NICE_MAX + schedule->real_time;
    s32 nice = schedule->policy == SCHED_IDLE ? NICE_MAX : schedule->nice;
    return (u32)((s32)PRIORITY_NORMAL - nice);
}

void schedule_inherit(struct task *task)
{
    struct schedule *own = &task->schedule;

    *own = current_task()->schedule;
    if (unlikely(own->reset_on_fork))
        *own = (struct schedule){
            .policy = own->real_time ? SCHED_NORMAL : own->policy,
            .nice = own->real_time ? 0 : max(own->nice, 0),
        };
    task->thread.priority = task->thread.own_priority = (u8)priority_of(own);
    task->thread.takes_turns = own->policy != SCHED_FIFO;
}

/* ---- who may ------------------------------------------------------------- */

bool schedule_is_own(const struct process *process)
{
    u32 mine = credentials_current()->uid.effective;
    const struct identity *its = &process->credentials.uid;

    return mine == its->effective || mine == its->real;
}

/* Limits on nice values count from 1 (nice 19) to 40. */
static bool nice_is_allowed(const struct task *task, s32 nice)
{
    return (u64)(NICE_MAX + 1 - nice) <=
           task->process->limits[RLIMIT_NICE].rlim_cur;
}

static bool real_time_is_allowed(const struct task *task,
                                 const struct schedule *wanted)
{
    u64 limit = task->process->limits[RLIMIT_RTPRIO].rlim_cur;

    return (wanted->policy == task->schedule.policy || limit != 0) &&
           (wanted->real_time <= task->schedule.real_time ||
            wanted->real_time <= limit);
}

/* Who is SCHED_IDLE has nice 20, as it were: leaving it is an improvement. */
static bool is_allowed(const struct task *task, const struct schedule *wanted)
{
    const struct schedule *now = &task->schedule;

    if (!schedule_is_own(task->process) ||
        (now->reset_on_fork && !wanted->reset_on_fork))
        return false;
    if (now->policy == SCHED_IDLE && wanted->policy != SCHED_IDLE &&
        !nice_is_allowed(task, now->nice))
        return false;
    return !schedule_is_real_time(wanted->policy) ||
           real_time_is_allowed(task, wanted);
}

/* ---- changing ------------------------------------------------------------ */

static void schedule_take(struct task *task, const struct schedule *wanted)
{
    task->schedule = *wanted;
    thread_set_priority(&task->thread, priority_of(wanted),
                        wanted->policy != SCHED_FIFO);
}

int schedule_set(struct task *task, const struct schedule *wanted)
{
    bool real_time = schedule_is_real_time(wanted->policy);

    if (!real_time && wanted->policy != SCHED_NORMAL &&
        wanted->policy != SCHED_BATCH && wanted->policy != SCHED_IDLE)
        return -EINVAL;
    if (wanted->real_time > REAL_TIME_BEST ||
        real_time != (wanted->real_time != 0))
        return -EINVAL;
    if (!acts_as_root() && !is_allowed(task, wanted))
        return -EPERM;
    schedule_take(task, wanted);
    return 0;
}

int schedule_set_nice(struct task *task, s32 nice)
{
    struct schedule wanted = task->schedule;

    wanted.nice = nice;
    if (!acts_as_root() && !schedule_is_own(task->process))
        return -EPERM;
    if (!acts_as_root() && nice < task->schedule.nice &&
        !nice_is_allowed(task, nice))
        return -EACCES;
    schedule_take(task, &wanted);
    return 0;
}
