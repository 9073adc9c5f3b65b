/*
 * Waiting for children, and telling a parent.
 *
 * A dead child stands in its parent's list of zombies, so the usual wait
 * finds it at once, however many children live. Whoever waits sleeps on
 * child_changed, whose lock is the table's.
 */
#include "proc/process.h"

#include <asm/errno.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/wait.h>

static bool wait_matches(const struct wait_request *request,
                         const struct process *child)
{
    return request->target == WAIT_ANY ||
           (request->target == WAIT_PID && child->pid == request->number) ||
           (request->target == WAIT_GROUP &&
            group_number(child->group) == request->number);
}

/* The first of a list that the request asks for and that `ready` accepts. */
static struct process *
find_in(struct list *list, const struct wait_request *request,
        bool (*ready)(const struct process *child, u32 options))
{
    struct process *child;

    list_for_each (child, list, sibling)
        if (wait_matches(request, child) && ready(child, request->options))
            return child;
    return NULL;
}

static bool is_any(const struct process *child, u32 options)
{
    return true;
}

static bool has_changed(const struct process *child, u32 options)
{
    return ((options & WSTOPPED) && child->stopped && !child->stop_reported) ||
           ((options & WCONTINUED) && child->continue_pending);
}

static struct process *find_zombie(struct process *parent,
                                   const struct wait_request *request)
{
    if (request->target != WAIT_PID)
        return find_in(&parent->zombies, request, is_any);
    struct process *child = process_find(request->number);
    if (!child || child->parent != parent || child->state != PROCESS_ZOMBIE)
        return NULL;
    return child;
}

/* Is there anybody to wait for? */
static bool has_child(struct process *parent,
                      const struct wait_request *request)
{
    if (request->target == WAIT_PID) {
        struct process *child = process_find(request->number);
        return child && child->parent == parent;
    }
    return find_in(&parent->children, request, is_any) ||
           find_in(&parent->zombies, request, is_any);
}

static void result_fill(struct wait_result *result, struct process *child,
                        u32 status)
{
    result->pid = child->pid;
    result->uid = child->credentials.uid.real;
    result->status = status;
    process_usage(child, &result->usage);
    process_usage_add(&result->usage, &child->children_usage);
}

/* Reports a zombie; it is freed by the caller through *reaped. */
static void take_zombie(struct process *parent, struct process *child,
                        u32 options, struct wait_result *result,
                        struct process **reaped)
{
    result_fill(result, child, child->exit_status);
    if (options & WNOWAIT)
        return;
    process_usage_add(&parent->children_usage, &result->usage);
    process_reap(child);
    *reaped = child;
}

static void take_change(struct process *child, u32 options,
                        struct wait_result *result)
{
    bool stopped = child->stopped;

    result_fill(result, child,
                stopped ? WAIT_STOPPED(child->stop_signal) : WAIT_CONTINUED);
    if (options & WNOWAIT)
        return;
    if (stopped)
        child->stop_reported = true;
    else
        child->continue_pending = false;
}

/* Looks once. The pid, 0 when nobody is ready, -ECHILD. */
static int wait_once(struct process *parent, const struct wait_request *request,
                     struct wait_result *result, struct process **reaped)
{
    struct process *child;

    if (request->options & WEXITED) {
        child = find_zombie(parent, request);
        if (child) {
            take_zombie(parent, child, request->options, result, reaped);
            return (int)result->pid;
        }
    }
    if (request->options & (WSTOPPED | WCONTINUED)) {
        child = find_in(&parent->children, request, has_changed);
        if (child) {
            take_change(child, request->options, result);
            return (int)result->pid;
        }
    }
    return has_child(parent, request) ? 0 : -ECHILD;
}

int process_wait(const struct wait_request *request, struct wait_result *result)
{
    struct process *parent = current_process();
    struct process *reaped = NULL;
    int found;

    spin_lock(&process_table_lock);
    for (;;) {
        found = wait_once(parent, request, result, &reaped);
        if (found != 0 || (request->options & WNOHANG))
            break;
        found = wait_queue_wait(&parent->child_changed, 0, INTERRUPTIBLE);
        if (found < 0)
            break;
    }
    spin_unlock(&process_table_lock);
    if (reaped)
        process_put(reaped);
    return found;
}

int wait_status_decode(u32 status, u32 *value)
{
    u32 low = status & 0x7f, high = status >> 8 & 0xff;

    *value = status == WAIT_CONTINUED  ? SIGCONT
             : low == 0 || low == 0x7f ? high
                                       : low;
    return status == WAIT_CONTINUED ? CLD_CONTINUED
           : low == 0               ? CLD_EXITED
           : low == 0x7f            ? CLD_STOPPED
                                    : CLD_KILLED;
}

void process_notify_parent(struct process *process, u32 status)
{
    struct process *parent = process->parent;
    bool ended = process->state == PROCESS_ZOMBIE;
    struct signal_info info = {
        .number = (int)(ended ? process->exit_signal : SIGCHLD),
        .pid = process->pid,
        .uid = process->credentials.uid.real,
    };

    if (!parent)
        return;
    info.code = wait_status_decode(status, &info.status);
    if (info.number != 0 && (ended || signal_parent_wants_stops(parent)))
        (void)signal_send_locked(parent, &info);
    wait_queue_wake_all(&parent->child_changed);
}
