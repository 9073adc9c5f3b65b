/*
 * Sending signals.
 *
 * A signal nobody would see is dropped here, at the sender: so a child's end
 * costs a parent that ignores SIGCHLD nothing. SIGCONT and the stop signals
 * do part of their work at once, whatever is blocked or handled.
 */
#include "proc/signal.h"

#include "fs/upcalls.h"
#include "proc/process.h"
#include <asm/siginfo.h>
#include <asm/signal.h>

/* A process that was stopped goes on. Table's lock held. */
static void process_continue(struct process *process, bool report)
{
    struct task *task;

    if (!process->stopping)
        return;
    process->stopping = false;
    process->stopped = false;
    list_for_each (task, &process->tasks, link)
        thread_unpark(&task->thread);
    if (report) {
        process->continue_pending = true;
        process_notify_parent(process, WAIT_CONTINUED);
    }
}

/* signals.lock held: a stop cancels a continue that waits, and vice versa; a
 * continue also a stop that was taken, but has not happened yet. */
static void dequeue_opposite(struct process *process, u32 number)
{
    bool stop = SIGNAL_BIT(number) & SIGNAL_STOPS;
    signal_set opposite = stop ? SIGNAL_BIT(SIGCONT) : SIGNAL_STOPS;
    struct task *task;

    if (!stop && number != SIGCONT)
        return;
    if (!stop)
        process->signals.stop_due = false;
    signal_dequeue_set(process, &process->signals.pending, opposite);
    list_for_each (task, &process->tasks, link)
        signal_dequeue_set(process, &task->signals.pending, opposite);
}

/* The task that is to look at a signal of the whole process: one that does
 * not block it; SIGKILL is everybody's. Where all block it, one may wait for
 * it in sigtimedwait: they look. */
static void wake_one(struct process *process, u32 number)
{
    struct task *task;

    list_for_each (task, &process->tasks, link) {
        if (task->signals.blocked & SIGNAL_BIT(number)) {
            thread_unpark(&task->thread);
            continue;
        }
        task_set_work(task, THREAD_WORK_SIGNAL);
        if (number != SIGKILL)
            return;
    }
}

/* Signals that say how long somebody has run: it is running. */
#define OF_WHO_RUNS                                                            \
    (SIGNAL_BIT(SIGVTALRM) | SIGNAL_BIT(SIGPROF) | SIGNAL_BIT(SIGXCPU))

static void wake_for_new(struct process *process, u32 number)
{
    struct task *task = task_of(current_thread());

    if (task && task->process == process &&
        (OF_WHO_RUNS & ~task->signals.blocked & SIGNAL_BIT(number)))
        task_set_work(task, THREAD_WORK_SIGNAL);
    else
        wake_one(process, number);
}

static bool is_dropped(struct process *process, const struct task *task,
                       u32 number)
{
    if (!task && !list_is_empty(&process->tasks))
        task = list_first(&process->tasks, struct task, link);
    if (task && (task->signals.blocked & SIGNAL_BIT(number)))
        return false;
    return signal_is_ignored(process, number);
}

/* To `task`, or with NULL to the process. Table's lock held. */
static int send(struct process *process, struct task *task,
                const struct signal_info *info)
{
    u32 number = (u32)info->number;
    int result = 0;

    if (process->state != PROCESS_ALIVE || process->exiting)
        return 0;
    if (number == SIGCONT || number == SIGKILL)
        process_continue(process, number == SIGCONT);
    spin_lock(&process->signals.lock);
    dequeue_opposite(process, number);
    if (is_dropped(process, task, number))
        goto unlock;
    result = signal_enqueue(
        process, task ? &task->signals.pending : &process->signals.pending,
        info);
    if (result < 0)
        goto unlock;
    if (!task)
        wake_for_new(process, number);
    else if (!(task->signals.blocked & SIGNAL_BIT(number)))
        task_set_work(task, THREAD_WORK_SIGNAL);
    else
        thread_unpark(&task->thread);
unlock:
    spin_unlock(&process->signals.lock);
    return result;
}

int signal_send_locked(struct process *process, const struct signal_info *info)
{
    return send(process, NULL, info);
}

int signal_send_task(struct task *task, const struct signal_info *info)
{
    return send(task->process, task, info);
}

void signal_look_again(struct process *process)
{
    spin_lock(&process->signals.lock);
    for (u32 number = 1; number <= SIGNAL_COUNT; number++)
        if (process->signals.pending.set & SIGNAL_BIT(number))
            wake_one(process, number);
    spin_unlock(&process->signals.lock);
}

void signal_send_group_locked(u32 number, u32 signal, int code)
{
    struct signal_info info = {.number = (int)signal, .code = code};
    struct process_group *group = group_find(number);
    struct process *process;

    if (group)
        list_for_each (process, &group->members, group_link)
            (void)send(process, NULL, &info);
}

void signal_send_group(u32 number, u32 signal, int code)
{
    spin_lock(&process_table_lock);
    signal_send_group_locked(number, signal, code);
    spin_unlock(&process_table_lock);
}

/* What a terminal sends to a whole group. */
#define FROM_TERMINAL                                                          \
    (SIGNAL_BIT(SIGINT) | SIGNAL_BIT(SIGQUIT) | SIGNAL_BIT(SIGTSTP) |          \
     SIGNAL_BIT(SIGHUP))

/* What a terminal has sent to a process and still waits there. Where there was
 * no memory for an entry, nobody knows who sent it: maybe a terminal. */
static signal_set pending_of_terminal(struct process *process)
{
    struct signal_entry *entry;

    spin_lock(&process->signals.lock);
    signal_set set = process->signals.pending.set & FROM_TERMINAL;
    list_for_each (entry, &process->signals.pending.entries, link)
        if (entry->info.code != SI_KERNEL)
            set &= ~SIGNAL_BIT(entry->info.number);
    spin_unlock(&process->signals.lock);
    return set;
}

void signal_pass_on(struct process *parent, struct process *child)
{
    if (likely(parent->signals.pending.set == 0))
        return;
    signal_set set = pending_of_terminal(parent);
    for (u32 number = 1; number < SIGNAL_REAL_TIME; number++) {
        struct signal_info info = {.number = (int)number, .code = SI_KERNEL};
        if (set & SIGNAL_BIT(number))
            (void)send(child, NULL, &info);
    }
}

static void send_self(u32 number)
{
    struct signal_info info = signal_info_user(number, SI_USER);

    spin_lock(&process_table_lock);
    (void)signal_send_task(current_task(), &info);
    spin_unlock(&process_table_lock);
}

void on_broken_pipe(void)
{
    send_self(SIGPIPE);
}

void on_file_too_large(void)
{
    send_self(SIGXFSZ);
}

void signal_force(const struct signal_info *info)
{
    struct task *task = current_task();
    struct process *process = task->process;
    struct signal_actions *actions = process->actions;
    struct signal_action *action = &actions->actions[info->number - 1];
    signal_set bit = SIGNAL_BIT(info->number);

    spin_lock(&actions->lock);
    if ((task->signals.blocked & bit) || action->handler == HANDLER_IGNORE)
        action->handler = HANDLER_DEFAULT;
    spin_unlock(&actions->lock);
    spin_lock(&process->signals.lock);
    task->signals.blocked &= ~bit;
    (void)signal_enqueue(process, &task->signals.pending, info);
    signal_update_work(task);
    spin_unlock(&process->signals.lock);
}

void signal_send_process(struct process *process, u32 number)
{
    struct signal_info info = {.number = (int)number, .code = SI_KERNEL};

    spin_lock(&process_table_lock);
    (void)send(process, NULL, &info);
    spin_unlock(&process_table_lock);
}

bool signal_kills(struct task *task)
{
    return (task->thread.work & THREAD_WORK_EXIT) ||
           ((task->signals.pending.set | task->process->signals.pending.set) &
            SIGNAL_BIT(SIGKILL));
}

struct signal_info signal_info_user(u32 number, int code)
{
    const struct process *sender = current_process();

    return (struct signal_info){
        .number = (int)number,
        .code = code,
        .pid = sender->pid,
        .uid = sender->credentials.uid.real,
    };
}

static const struct signal_action *child_action(const struct process *parent)
{
    return &parent->actions->actions[SIGCHLD - 1];
}

bool signal_parent_reaps_itself(const struct process *parent)
{
    const struct signal_action *action = child_action(parent);
    return action->handler == HANDLER_IGNORE ||
           (action->flags & SA_NOCLDWAIT) != 0;
}

bool signal_parent_wants_stops(const struct process *parent)
{
    return !(child_action(parent)->flags & SA_NOCLDSTOP);
}
