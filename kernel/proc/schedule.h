/*
 * How a task is scheduled, in the words of sched(7), and who may change it.
 *
 * Real-time tasks (SCHED_FIFO, SCHED_RR) have a priority of 1 to 99 and come
 * before all others, which have a nice value; that one is kept meanwhile.
 * SCHED_BATCH is as SCHED_OTHER, SCHED_IDLE as nice 19. What the policies of
 * kernel/sched make of it: docs/schedulers.md.
 */
#pragma once

#include "lib/types.h"
#include <linux/sched.h>

#define NICE_MIN       (-20)
#define NICE_MAX       19
#define REAL_TIME_BEST 99u

struct process;
struct task;

struct schedule {  /* under process_table_lock */
    u32 policy;    /* SCHED_* */
    u32 real_time; /* its priority there, else 0 */
    s32 nice;
    bool reset_on_fork; /* children are plain SCHED_OTHER */
};

static inline bool schedule_is_real_time(u32 policy)
{
    return policy == SCHED_FIFO || policy == SCHED_RR;
}

/* All with the lock held. For a task that is not started: as the current one,
 * its parent. */
void schedule_inherit(struct task *task);
/* Is that process one of the caller's user, who may change how it runs? Here
 * the lock is not needed: a moment later the answer may be another one anyway.
 */
bool schedule_is_own(const struct process *process);
/* For the current process, after checking that it may. 0; -EPERM, not one's
 * own or more than allowed; -EINVAL, no such thing. A nice value better than
 * RLIMIT_NICE allows is -EACCES. */
int schedule_set(struct task *task, const struct schedule *wanted);
int schedule_set_nice(struct task *task, s32 nice);
