/*
 * Process groups and sessions; see proc/group.h.
 *
 * What a change needs is allocated before the lock is taken and freed after
 * it is released, when it turns out not to be needed.
 */
#include "proc/group.h"

#include "mem/heap.h"
#include "proc/process.h"
#include "proc/tty.h"
#include <asm/errno.h>
#include <asm/siginfo.h>
#include <asm/signal.h>

struct process_group *group_find(u32 number)
{
    struct number *found = number_find(NUMBER_GROUP, number);
    return found ? container_of(found, struct process_group, number) : NULL;
}

struct session *session_find(u32 number)
{
    struct number *found = number_find(NUMBER_SESSION, number);
    return found ? container_of(found, struct session, number) : NULL;
}

void group_join(struct process_group *group, struct process *process)
{
    process->group = group;
    list_add_last(&group->members, &process->group_link);
}

static void session_leave(struct session *session)
{
    if (--session->group_count != 0)
        return;
    if (session->terminal)
        tty_session_over(session->terminal, session->number.value);
    number_remove(&session->number);
    heap_free(session);
}

void group_leave(struct process *process)
{
    struct process_group *group = process->group;

    list_remove(&process->group_link);
    process->group = NULL;
    if (!list_is_empty(&group->members))
        return;
    session_leave(group->session);
    number_remove(&group->number);
    heap_free(group);
}

static void group_begin(struct process_group *group, u32 number,
                        struct session *session)
{
    number_add(&group->number, NUMBER_GROUP, number);
    list_initialize(&group->members);
    group->session = session;
    session->group_count++;
}

bool group_is_orphaned(const struct process_group *group)
{
    struct process *process;

    list_for_each (process, &group->members, group_link) {
        const struct process *parent = process->parent;
        if (process->state == PROCESS_ALIVE && parent &&
            parent != init_process && parent->group != group &&
            parent->group->session == group->session)
            return false;
    }
    return true;
}

static bool group_has_stopped(const struct process_group *group)
{
    struct process *process;

    list_for_each (process, &group->members, group_link)
        if (process->stopping)
            return true;
    return false;
}

void group_link_ends(const struct process *process,
                     const struct process *parent)
{
    const struct process_group *group = process->group;

    if (parent->group == group || parent->group->session != group->session ||
        !group_is_orphaned(group) || !group_has_stopped(group))
        return;
    signal_send_group_locked(group_number(group), SIGHUP, SI_KERNEL);
    signal_send_group_locked(group_number(group), SIGCONT, SI_KERNEL);
}

/* Moves the process; the old group may go, the new one is kept meanwhile. */
static void group_move(struct process *process, struct process_group *to)
{
    if (process->group)
        group_leave(process);
    group_join(to, process);
}

int session_begin(struct process *process)
{
    struct session *session = heap_alloc_zeroed(sizeof(*session));
    struct process_group *group = heap_alloc_zeroed(sizeof(*group));
    int result = -ENOMEM;

    if (!session || !group)
        goto unneeded;
    result = -EPERM;
    spin_lock(&process_table_lock);
    if (!group_find(process->pid) && !session_find(process->pid)) {
        number_add(&session->number, NUMBER_SESSION, process->pid);
        group_begin(group, process->pid, session);
        group_move(process, group);
        spin_unlock(&process_table_lock);
        return (int)process->pid;
    }
    spin_unlock(&process_table_lock);
unneeded:
    heap_free(session);
    heap_free(group);
    return result;
}

/* May `caller` put `process` into another group at all? Lock held. */
static int group_change_check(struct process *caller, struct process *process)
{
    if (!process || process->state != PROCESS_ALIVE)
        return -ESRCH;
    if (process != caller) {
        if (process->parent != caller)
            return -ESRCH;
        if (process->group->session != caller->group->session)
            return -EPERM;
        if (process->executed)
            return -EACCES;
    }
    bool leads = process->group->session->number.value == process->pid;
    return leads ? -EPERM : 0;
}

/* Lock held. Uses `fresh` (and says so by NULL) when the group is new. */
static int group_change_locked(struct process *caller, u32 pid, u32 number,
                               struct process_group **fresh)
{
    struct process *process = pid == 0 ? caller : process_find(pid);
    int result = group_change_check(caller, process);

    if (result < 0)
        return result;
    if (number == 0)
        number = process->pid;
    struct process_group *group = group_find(number);
    if (!group && number != process->pid)
        return -EPERM;
    if (group && group->session != process->group->session)
        return -EPERM;
    if (!group) {
        group = *fresh;
        *fresh = NULL;
        group_begin(group, number, process->group->session);
    }
    if (group != process->group)
        group_move(process, group);
    return 0;
}

int group_change(struct process *caller, u32 pid, u32 number)
{
    struct process_group *fresh = heap_alloc_zeroed(sizeof(*fresh));

    if (!fresh)
        return -ENOMEM;
    spin_lock(&process_table_lock);
    int result = group_change_locked(caller, pid, number, &fresh);
    spin_unlock(&process_table_lock);
    heap_free(fresh);
    return result;
}
