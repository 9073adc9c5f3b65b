/*
 * What a process does about each signal, and what a task does not want to
 * hear of now.
 */
#include "proc/signal.h"

#include "lib/string.h"
#include "mem/heap.h"
#include "proc/process.h"
#include <asm/errno.h>
#include <asm/signal.h>
#include <linux/signal.h>

#define CANNOT_BLOCK (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))

#define IGNORED_BY_DEFAULT                                                     \
    (SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGURG) |          \
     SIGNAL_BIT(SIGWINCH))

struct signal_actions *signal_actions_copy(struct signal_actions *actions)
{
    struct signal_actions *copy = heap_alloc(sizeof(*copy));

    if (!copy)
        return NULL;
    copy->references = 1;
    spinlock_initialize(&copy->lock, RANK_SIGNAL);
    if (!actions) {
        memset(copy->actions, 0, sizeof(copy->actions));
        return copy;
    }
    spin_lock(&actions->lock);
    memcpy(copy->actions, actions->actions, sizeof(copy->actions));
    spin_unlock(&actions->lock);
    return copy;
}

void signal_actions_get(struct signal_actions *actions)
{
    atomic_increment(&actions->references);
}

void signal_actions_put(struct signal_actions *actions)
{
    if (atomic_decrement(&actions->references))
        heap_free(actions);
}

void signal_actions_reset(struct process *process)
{
    struct signal_actions *actions = process->actions;
    struct task *task = current_task();

    spin_lock(&actions->lock);
    for (u32 i = 0; i < SIGNAL_COUNT; i++) {
        struct signal_action *action = &actions->actions[i];
        u32 handler = action->handler == HANDLER_IGNORE ? HANDLER_IGNORE
                                                        : HANDLER_DEFAULT;
        if (action->handler != HANDLER_DEFAULT)
            *action = (struct signal_action){.handler = handler};
    }
    spin_unlock(&actions->lock);
    task->signals.stack = (struct signal_stack){.flags = SS_DISABLE};
}

bool signal_is_ignored(struct process *process, u32 number)
{
    u32 handler = process->actions->actions[number - 1].handler;

    if (handler == HANDLER_IGNORE)
        return true;
    if (handler != HANDLER_DEFAULT)
        return false;
    /* Nobody ends or stops init but itself. */
    return process == init_process || (SIGNAL_BIT(number) & IGNORED_BY_DEFAULT);
}

int signal_action_change(u32 number, const struct signal_action *action,
                         struct signal_action *old)
{
    struct process *process = current_process();
    struct signal_actions *actions = process->actions;

    if (number - 1 >= SIGNAL_COUNT)
        return -EINVAL;
    if (action && (SIGNAL_BIT(number) & CANNOT_BLOCK))
        return -EINVAL;
    struct signal_action *mine = &actions->actions[number - 1];
    spin_lock(&actions->lock);
    if (old)
        *old = *mine;
    if (action) {
        *mine = *action;
        mine->mask[0] &= ~(u32)CANNOT_BLOCK;
    }
    spin_unlock(&actions->lock);
    if (!action || !signal_is_ignored(process, number))
        return 0;
    /* POSIX: what is pending is forgotten. */
    spin_lock(&process_table_lock);
    spin_lock(&process->signals.lock);
    struct task *task;
    signal_dequeue_set(process, &process->signals.pending, SIGNAL_BIT(number));
    list_for_each (task, &process->tasks, link)
        signal_dequeue_set(process, &task->signals.pending, SIGNAL_BIT(number));
    spin_unlock(&process->signals.lock);
    spin_unlock(&process_table_lock);
    return 0;
}

/* ---- masks --------------------------------------------------------------- */

/* Signals that the current task was to look at. */
static void hand_on(struct process *process)
{
    spin_lock(&process_table_lock);
    signal_look_again(process);
    spin_unlock(&process_table_lock);
}

void signal_set_blocked(signal_set blocked)
{
    struct task *task = current_task();
    struct spinlock *lock = &task->process->signals.lock;

    spin_lock(lock);
    signal_set more = blocked & ~task->signals.blocked;
    task->signals.blocked = blocked & ~CANNOT_BLOCK;
    signal_update_work(task);
    bool mine = (task->process->signals.pending.set & more) != 0;
    spin_unlock(lock);
    if (unlikely(mine) && task->process->task_count > 1)
        hand_on(task->process);
}

void signal_mask_borrow(signal_set blocked)
{
    struct signal_task *signals = &current_task()->signals;

    signals->saved_blocked = signals->blocked;
    signals->restore_blocked = true;
    signal_set_blocked(blocked);
}

void signal_mask_return(s32 result)
{
    struct signal_task *signals = &current_task()->signals;

    if (result == -EINTR || result <= -ERESTARTSYS)
        return; /* signal_deliver.c restores it */
    signals->restore_blocked = false;
    signal_set_blocked(signals->saved_blocked);
}
