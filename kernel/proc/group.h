/*
 * Process groups and sessions: a shell's job is a group, a login is a session
 * of groups with at most one terminal.
 *
 *   session 1 ---- * group 1 ---- * process
 *
 * A group lives as long as it has members, a session as long as it has
 * groups. Everything here is under process_table_lock.
 */
#pragma once

#include "proc/number.h"

struct process;
struct tty;

struct session {
    struct number number;
    u32 group_count;
    struct tty *terminal; /* the controlling terminal, or NULL */
};

struct process_group {
    struct number number;
    struct session *session;
    struct list members; /* of struct process.group_link */
};

static inline u32 group_number(const struct process_group *group)
{
    return group->number.value;
}

struct process_group *group_find(u32 number);
struct session *session_find(u32 number);

/* A new member, and one less: the last leaves group (and session) to be
 * freed. */
void group_join(struct process_group *group, struct process *process);
void group_leave(struct process *process);

/* POSIX: a group that no parent of its session watches is not stopped by the
 * terminal, for nobody would continue it. */
bool group_is_orphaned(const struct process_group *group);
/* Nor does it stay stopped: `process` has ended, or its `parent` has. If they
 * were what kept the group from being orphaned, and one of it is stopped, all
 * get SIGHUP and SIGCONT. */
void group_link_ends(const struct process *process,
                     const struct process *parent);

/* The system calls' work; they take the lock themselves. A new session gives
 * its number, 0 for the first process, which has none yet; setpgid's pid and
 * group 0 mean the caller. */
int session_begin(struct process *process);
int group_change(struct process *caller, u32 pid, u32 group);
