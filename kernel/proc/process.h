/*
 * Processes. The process context: its threads (tasks), address space, open
 * files, credentials, accounting, signals; all of them in the process table.
 *
 *   ALIVE -----------> ZOMBIE ----------> (freed: waited for)
 *     last task exits         wait4, or the parent ignores SIGCHLD
 *
 * A process lives as long as any of its tasks: the first may end before the
 * others.
 *
 * One lock, process_table_lock (rank PROCESS_TABLE), protects the tree of
 * parents and children, groups, sessions, state and the numbers. Each
 * process's signal state has its own lock (proc/signal.h). A zombie keeps
 * this struct and nothing else.
 */
#pragma once

#include "core/credentials.h"
#include "fs/fs_context.h"
#include "proc/group.h"
#include "proc/number.h"
#include "proc/schedule.h"
#include "proc/signal.h"
#include "sched/thread.h"
#include "sched/wait_queue.h"
#include "vm/address_space.h"

/* How an interrupted call goes on: a futex's wait, a poll, or a sleep, which
 * tells what is left. */
struct call_restart {
    s32 (*again)(struct call_restart *restart);
    u64 deadline;      /* clock_nanoseconds */
    void user *memory; /* the futex, the items, or who is told */
    u32 value, mask;   /* of the futex; how many items */
    bool shared, wide; /* is the futex; is the timespec told */
};

/* A thread of a process: what user land's view of a thread needs. */
struct task {
    struct thread thread;      /* first: current_task() relies on it */
    struct process *process;   /* a counted reference */
    struct list link;          /* process->tasks; under process_table_lock */
    struct number number;      /* likewise */
    u32 tid;                   /* the first one's is the pid */
    u32 user *clear_child_tid; /* stored 0 (and futex woken) at exit */
    u32 user *set_child_tid;   /* CLONE_CHILD_SETTID: told at its start */
    u32 robust_list;           /* user address of its head (futex_robust.c) */
    struct list pi_locks;      /* PI futexes that others wait for; likewise */
    u32 faults;
    bool stands; /* still, while the process stops; process_table_lock */
    struct schedule schedule;
    struct signal_task signals;
    struct call_restart restart;
    struct fpu_state fpu;
};

enum tick_timer_number {
    TICK_TIMER_VIRTUAL,
    TICK_TIMER_PROFILE,
    TICK_TIMER_LIMIT, /* RLIMIT_CPU */
    TICK_TIMER_COUNT,
};

enum process_state { PROCESS_ALIVE, PROCESS_ZOMBIE };

/* What a process has used: for getrusage, times and /proc. */
struct process_usage {
    u64 ran; /* counts of cpu_timestamp() */
    u64 user_ticks, kernel_ticks;
    u32 minor_faults; /* there are no others without a disc */
    u32 switches_wanted, switches_suffered;
    u32 peak_resident; /* pages */
};

struct process {
    volatile u32 references; /* atomic */
    u32 pid;

    /* Under process_table_lock. */
    enum process_state state;
    bool exiting;          /* its end has begun: no new child, no new task */
    bool executed;         /* has called execve since fork (setpgid) */
    bool stopping;         /* by a job-control signal */
    bool stopped;          /* and all its tasks stand still */
    bool stop_reported;    /* to a WUNTRACED wait */
    bool continue_pending; /* to be reported to a WCONTINUED wait */
    u32 stop_signal;
    u32 exit_status; /* as wait4 gives it */
    u32 exit_signal; /* told to the parent, 0 none */
    struct number number;
    struct process_group *group;
    struct list group_link;
    struct process *parent;
    struct list children; /* alive; of sibling */
    struct list zombies;  /* likewise, dead */
    struct list sibling;
    struct wait_queue child_changed; /* wait4 waits here */
    struct list tasks;
    u32 task_count;
    u32 standing_count;        /* of those, stand still */
    struct task *last_task;    /* execve waits for the others' end, or NULL */
    struct task *vfork_parent; /* parked until exec or exit, else NULL */
    struct process_usage children_usage; /* of those waited for */
    struct process_usage ended_usage;    /* of tasks that have ended */

    /* Own counted references, NULL in a zombie; changed only by the process
     * itself, read by others under process_table_lock. */
    struct address_space *space;
    u32 pages_leaving; /* of its space, while they are given back */
    bool chosen;       /* to go, since memory was out; table's lock */
    struct fd_table *files;
    struct fs_context *context;
    struct signal_actions *actions;
    struct path executable;

    struct signal_process signals;
    struct credentials credentials;
    struct rlimit64 limits[RLIM_NLIMITS]; /* by RLIMIT_* */
    char name[THREAD_NAME_SIZE];

    u64 start_time; /* clock_nanoseconds */
    struct real_timer {
        struct timer timer;
        u64 interval; /* nanoseconds, 0 once */
        u64 due;      /* clock_nanoseconds, 0 off */
    } real_timer;     /* due and interval under signals.lock */
    struct tick_timer {
        u32 left, interval;          /* ticks charged to it; 0 off, once */
    } tick_timers[TICK_TIMER_COUNT]; /* under signals.lock */
    bool timed; /* one of those has been set: its tasks' ticks are counted */
};

extern struct spinlock process_table_lock;
extern struct process *init_process;

/* NULL for a kernel thread. */
struct task *task_of(struct thread *thread);
static inline struct task *current_task(void)
{
    return (struct task *)current_thread(); /* only in a system call or trap */
}
static inline struct process *current_process(void)
{
    return current_task()->process;
}

void processes_start(void);

/* ---- process.c: the table ------------------------------------------------ */

/* Lock held. The process of this pid (zombies too), or NULL. */
struct process *process_find(u32 pid);
struct task *task_find(u32 tid);
/* Lock held. Of this pid, or with a thread of this tid, or NULL. */
struct process *process_of(u32 number);
/* With a reference. */
struct process *process_find_get(u32 pid);
void process_get(struct process *process);
void process_put(struct process *process);

/* Books: processes in the table, zombies too. */
u32 process_count(void);

/* What the process itself has used up to now. Lock held. */
void process_usage(struct process *process, struct process_usage *usage);
void process_usage_add(struct process_usage *sum,
                       const struct process_usage *more);

/* May the current process send signals to (and look into) that one? */
bool process_may_control(const struct process *target);

/* ---- fork.c -------------------------------------------------------------- */

/* What clone(2) asks for. */
struct fork_request {
    u32 flags; /* CLONE_* and the exit signal in the low byte */
    u32 stack; /* new user stack pointer, 0 as the parent's */
    u32 user *parent_tid;
    u32 user *child_tid;
    void user *tls; /* struct user_desc */
};
/* The child's pid or -errno. */
int process_fork(const struct trap_frame *frame,
                 const struct fork_request *request);
/* Lets a parent that waits in vfork go on: the space is its own again. */
void process_vfork_done(struct process *process);
/* Pid 1, without an address space, its thread running function(argument) in
 * the kernel. NULL when out of memory. */
struct process *process_create_first(void (*function)(void *argument),
                                     void *argument);

/* ---- exec.c: replaces the program. Strings are copied from user space.
 * On success the frame is the new program's; else -errno, nothing changed. */
int process_execute(struct trap_frame *frame, const char user *path,
                    const u32 user *arguments, const u32 user *environment);
/* The first process: from a kernel thread; ends the boot when it fails. */
noreturn void process_start_init(const char *path);

/* ---- exit.c. `status` as wait4 gives it (code << 8, or a signal number). - */

noreturn void process_exit(u32 status); /* exit_group */
noreturn void task_exit(u32 status);    /* exit: this task only */

/* ---- wait.c -------------------------------------------------------------- */

enum wait_target { WAIT_ANY, WAIT_PID, WAIT_GROUP };

struct wait_request {
    enum wait_target target;
    u32 number;  /* of the process or group */
    u32 options; /* WEXITED WSTOPPED WCONTINUED WNOHANG WNOWAIT */
};
struct wait_result {
    u32 pid;
    u32 uid;
    u32 status; /* as wait4 gives it */
    struct process_usage usage;
};
/* The pid, 0 with WNOHANG, -ECHILD, or -EINTR. */
int process_wait(const struct wait_request *request,
                 struct wait_result *result);

/* Tells the parent of a change of state (exit, stop, continue). Lock held. */
void process_notify_parent(struct process *process, u32 status);
/* What a status of wait4 is in SIGCHLD's words: CLD_*, and exit code or
 * signal in *value. */
int wait_status_decode(u32 status, u32 *value);
#define WAIT_CONTINUED       0xffffu
#define WAIT_STOPPED(signal) ((signal) << 8 | 0x7f)
/* Tells the parent once all tasks of a process that stops stand still. Lock
 * held. (signal_deliver.c) */
void process_look_whether_stopped(struct process *process);
/* Takes a zombie off its parent and out of the table; the reference that the
 * table had is now the caller's. Lock held. */
void process_reap(struct process *process);

/* ---- thread-local storage (set_thread_area, CLONE_SETTLS) ---------------- */

struct user_desc;
/* Checks, chooses an entry (entry_number -1) and fills it in. 0 or -EINVAL,
 * -ESRCH without a free entry. */
int tls_entry_set(struct thread_segments *segments, struct user_desc *request);
int tls_entry_get(const struct thread_segments *segments,
                  struct user_desc *request);
