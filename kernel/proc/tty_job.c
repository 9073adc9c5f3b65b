/*
 * Terminals and sessions: whose terminal it is, and which group is in the
 * foreground.
 *
 * A session and its terminal name each other: session->terminal and
 * tty->session are set and cleared together, under process_table_lock.
 */
#include "proc/process.h"
#include "proc/tty_internal.h"

#include <asm/errno.h>
#include <asm/siginfo.h>
#include <asm/signal.h>

struct tty *tty_of_caller(void)
{
    spin_lock(&process_table_lock);
    struct tty *tty = current_process()->group->session->terminal;
    spin_unlock(&process_table_lock);
    return tty;
}

/* Table's lock held. */
static void tie(struct tty *tty, struct process *leader)
{
    struct session *session = leader->group->session;

    spin_lock(&tty->lock);
    tty->session = session->number.value;
    tty->foreground = group_number(leader->group);
    spin_unlock(&tty->lock);
    session->terminal = tty;
}

u32 tty_session_over(struct tty *tty, u32 number)
{
    u32 foreground = 0;

    spin_lock(&tty->lock);
    if (tty->session == number) {
        foreground = tty->foreground;
        tty->session = 0;
        tty->foreground = 0;
    }
    spin_unlock(&tty->lock);
    return foreground;
}

static bool leads_session(const struct process *process)
{
    return process->group->session->number.value == process->pid;
}

void tty_leader_leaves(struct process *process)
{
    struct session *session = process->group->session;
    struct tty *terminal = session->terminal;

    if (!leads_session(process) || !terminal)
        return;
    session->terminal = NULL;
    u32 foreground = tty_session_over(terminal, process->pid);
    if (foreground != 0) {
        signal_send_group_locked(foreground, SIGHUP, SI_KERNEL);
        signal_send_group_locked(foreground, SIGCONT, SI_KERNEL);
    }
}

void tty_take_if_free(struct tty *tty)
{
    struct process *process = current_process();

    spin_lock(&process_table_lock);
    if (leads_session(process) && !process->group->session->terminal &&
        tty->session == 0)
        tie(tty, process);
    spin_unlock(&process_table_lock);
}

/* Table's lock held. */
static int take_locked(struct tty *tty, struct process *process, bool steal)
{
    struct session *mine = process->group->session;

    if (mine->terminal == tty)
        return 0;
    if (!leads_session(process) || mine->terminal)
        return -EPERM;
    if (tty->session != 0) {
        if (!steal || process->credentials.uid.effective != 0)
            return -EPERM;
        struct session *other = session_find(tty->session);
        if (other)
            other->terminal = NULL;
    }
    tie(tty, process);
    return 0;
}

int tty_take(struct tty *tty, u32 argument)
{
    spin_lock(&process_table_lock);
    int result = take_locked(tty, current_process(), argument == 1);
    spin_unlock(&process_table_lock);
    return result;
}

int tty_give_up(struct tty *tty, u32 unused)
{
    struct process *process = current_process();
    int result = -ENOTTY;

    spin_lock(&process_table_lock);
    if (process->group->session->terminal == tty)
        result = leads_session(process) ? 0 : -EPERM;
    if (result == 0)
        tty_leader_leaves(process);
    spin_unlock(&process_table_lock);
    return result;
}

int tty_foreground_get(struct tty *tty, u32 *group, u32 *session)
{
    int result = -ENOTTY;

    spin_lock(&process_table_lock);
    if (current_process()->group->session->terminal == tty) {
        *group = tty->foreground;
        *session = tty->session;
        result = 0;
    }
    spin_unlock(&process_table_lock);
    return result;
}

/* Table's lock held. */
static int foreground_set_locked(struct tty *tty, u32 number)
{
    struct session *session = current_process()->group->session;
    struct process_group *group = group_find(number);

    if (session->terminal != tty)
        return -ENOTTY;
    if (!group)
        return -ESRCH;
    if (group->session != session)
        return -EPERM;
    spin_lock(&tty->lock);
    tty->foreground = number;
    spin_unlock(&tty->lock);
    return 0;
}

int tty_foreground_set(struct tty *tty, u32 number)
{
    int result = tty_background_check(tty, SIGTTOU);

    if (result < 0)
        return result;
    spin_lock(&process_table_lock);
    result = foreground_set_locked(tty, number);
    spin_unlock(&process_table_lock);
    return result;
}

/* Would the signal have no effect? Then reading fails, writing goes on. */
static bool does_not_hear(struct process *process, u32 number)
{
    return (current_task()->signals.blocked & SIGNAL_BIT(number)) ||
           signal_is_ignored(process, number);
}

int tty_background_check(struct tty *tty, u32 number)
{
    struct process *process = current_process();
    int result = 0;

    spin_lock(&process_table_lock);
    bool background = process->group->session->terminal == tty &&
                      tty->foreground != 0 &&
                      tty->foreground != group_number(process->group);
    if (background && does_not_hear(process, number)) {
        result = number == SIGTTIN ? -EIO : 0;
    } else if (background && group_is_orphaned(process->group)) {
        result = -EIO;
    } else if (background) {
        signal_send_group_locked(group_number(process->group), number,
                                 SI_KERNEL);
        result = -EINTR;
    }
    spin_unlock(&process_table_lock);
    return result;
}
