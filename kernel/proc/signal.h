/*
 * Signals: numbers 1..64, pending at a task or at a whole process, blocked by
 * a task's mask, handled as the process's actions say.
 *
 *   signal_queue.c    what is pending, and taking the next
 *   signal_send.c     sending, to a task, a process, a group
 *   signal_action.c   handlers and masks
 *   signal_deliver.c  on the way back to user code: default actions, handlers
 *   signal_frame.c    a handler's frame on the user stack, and sigreturn
 *
 * A task has THREAD_WORK_SIGNAL exactly while it has something to do on its
 * way back to user code: an unblocked signal, a stop, a mask to restore. That
 * bit interrupts interruptible waits, and costs nothing while it is clear.
 */
#pragma once

#include "core/spinlock.h"
#include "lib/list.h"
#include "sched/timer.h"
#include "x86/trap.h"

struct process;
struct task;

typedef u64 signal_set; /* bit n - 1 is signal n */
#define SIGNAL_BIT(number) (1ull << ((number)-1))
#define SIGNAL_COUNT       64u
#define SIGNAL_REAL_TIME   32u /* the first that queues */
#define SIGNAL_STOPS                                                           \
    (SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) |         \
     SIGNAL_BIT(SIGTTOU))

/* As the i386 rt_sigaction takes it (kernel_sigaction). */
struct signal_action {
    u32 handler; /* user address, SIG_DFL or SIG_IGN */
    u32 flags;
    u32 restorer;
    u32 mask[2];
};

#define HANDLER_DEFAULT 0u
#define HANDLER_IGNORE  1u

struct signal_actions {
    volatile u32 references; /* CLONE_SIGHAND */
    struct spinlock lock;    /* rank SIGNAL, never with signals.lock; protects
                                actions; a handler may be read without it */
    struct signal_action actions[SIGNAL_COUNT]; /* [number - 1] */
};

/* What SA_SIGINFO handlers are told. */
struct signal_info {
    int number;
    int code; /* SI_USER, SEGV_MAPERR, CLD_EXITED, ... */
    int error;
    u32 pid; /* or 0 */
    u32 uid;
    u32 status;  /* SIGCHLD */
    u32 address; /* SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP */
    u32 value;   /* sigqueue */
};

/* One that waits with its info; standard signals queue once. */
struct signal_entry {
    struct list link;
    struct signal_info info;
};

struct signal_pending {
    signal_set set;
    struct list entries; /* infos; a set bit without entry has a plain info */
};

struct signal_process {
    struct spinlock lock; /* rank SIGNAL: both kinds of pending, masks */
    struct signal_pending pending;
    u32 entry_count; /* of the process and its tasks */
    bool stop_due;   /* a stop was taken, and no SIGCONT has come since */
};

struct signal_task {
    struct signal_pending pending;
    signal_set blocked;       /* written by the task itself */
    signal_set saved_blocked; /* sigsuspend, ppoll: restored after handlers */
    bool restore_blocked;
    struct signal_stack {
        u32 start, size, flags; /* SS_* */
    } stack;                    /* sigaltstack */
    /* The last fault, for frames: vector, error code, CR2. */
    u32 fault_vector, fault_error, fault_address;
};

/* Results of an interrupted call, as Linux uses them inside the kernel. */
#define ERESTARTSYS           512 /* restart if the handler has SA_RESTART */
#define ERESTARTNOINTR        513 /* restart always */
#define ERESTARTNOHAND        514 /* restart only when no handler ran */
#define ERESTART_RESTARTBLOCK 516 /* go on with what is left of the time */

/* ---- signal_queue.c ------------------------------------------------------ */

void signal_process_initialize(struct signal_process *signals);
void signal_task_initialize(struct signal_task *signals);
/* signals.lock held. 0, or -EAGAIN when a real-time signal has no room. */
int signal_enqueue(struct process *process, struct signal_pending *pending,
                   const struct signal_info *info);
void signal_dequeue_set(struct process *process, struct signal_pending *pending,
                        signal_set set);
/* The next signal of `wanted` for the current task: 0 when there is none;
 * then, with `wanted` what the task does not block, its work is done. */
int signal_take(struct task *task, signal_set wanted, struct signal_info *info);
/* At the end of a task, of the last one. Table's lock held. */
void signal_discard(struct process *process, struct signal_pending *pending);
/* Sets or clears the task's work as its pending signals ask. signals.lock. */
void signal_update_work(struct task *task);
void task_set_work(struct task *task, u32 work); /* and wakes it */

/* ---- signal_send.c ------------------------------------------------------- */

/* 0, or -EAGAIN (only real-time signals can fail). Table's lock held. */
int signal_send_locked(struct process *process, const struct signal_info *info);
int signal_send_task(struct task *task, const struct signal_info *info);
/* The task that was to look at a signal of the whole process has ended, or
 * blocks it now: somebody else looks. Table's lock held. */
void signal_look_again(struct process *process);
/* From the kernel to a process; to every one of a group, if there is such. */
void signal_send_process(struct process *process, u32 number);
void signal_send_group(u32 group, u32 number, int code);
void signal_send_group_locked(u32 group, u32 number, int code);
/* fork, with the table's lock held: what a terminal sent to the whole group
 * while the parent had it blocked (C libraries do so around fork) is for the
 * child as well; else no Ctrl-C would ever catch up with a fork bomb. */
void signal_pass_on(struct process *parent, struct process *child);
/* To the current task; cannot be blocked or ignored: faults. */
void signal_force(const struct signal_info *info);
/* Must the current task end without finishing what it waits for? */
bool signal_kills(struct task *task);
/* The current process as sender, for kill and friends. */
struct signal_info signal_info_user(u32 number, int code);

bool signal_parent_reaps_itself(const struct process *parent);
bool signal_parent_wants_stops(const struct process *parent);

/* ---- signal_action.c ----------------------------------------------------- */

/* NULL: all default. */
struct signal_actions *signal_actions_copy(struct signal_actions *actions);
void signal_actions_get(struct signal_actions *actions);
void signal_actions_put(struct signal_actions *actions);
/* exec: handlers become default. The actions are the process's own. */
void signal_actions_reset(struct process *process);

/* sigaction(2) of the current process; either may be NULL. 0 or -EINVAL. */
int signal_action_change(u32 number, const struct signal_action *action,
                         struct signal_action *old);
bool signal_is_ignored(struct process *process, u32 number);

/* Sets the current task's mask, then looks again whether work is to be done.
 * SIGKILL and SIGSTOP cannot be blocked. */
void signal_set_blocked(signal_set blocked);
/* A mask for the time of one call (sigsuspend, ppoll, pselect). The end is
 * told the call's result: after -EINTR or a restart code the old mask comes
 * back once the handler's frame is made, else at once. */
void signal_mask_borrow(signal_set blocked);
void signal_mask_return(s32 result);

/* ---- signal_frame.c ------------------------------------------------------ */

/* Puts a handler's frame on the user stack; -EFAULT when that can't be. */
int signal_frame_build(struct trap_frame *frame, struct task *task,
                       const struct signal_info *info,
                       const struct signal_action *action, signal_set mask);
/* sigreturn, rt_sigreturn: the frame as it was. eax, or -EFAULT after which
 * the caller forces SIGSEGV. */
int signal_frame_restore(struct trap_frame *frame, bool real_time);
/* The alternate stack's words for user land; `frame` tells whether it is in
 * use. sigaltstack(2): -EPERM, -EINVAL, -ENOMEM. */
struct sigaltstack;
void signal_stack_get(const struct task *task, u32 stack_pointer,
                      struct sigaltstack *stack);
int signal_stack_set(struct task *task, u32 stack_pointer,
                     const struct sigaltstack *stack);
/* siginfo_t as user land reads it. */
struct siginfo;
void signal_info_to_user(const struct signal_info *info,
                         struct siginfo *target);

/* ---- itimer.c ------------------------------------------------------------ */

void real_timer_expire(struct timer *timer);
