/*
 * What /proc tells of one process, collected under the locks in one go, so
 * that words can be made of it without them.
 */
#pragma once

#include "proc/process.h"

struct process_facts {
    char name[THREAD_NAME_SIZE];
    char state;   /* R S T Z */
    u32 pid, tid; /* tid: of one task that is asked about, else as pid */
    u32 parent, group, session, foreground;
    u32 terminal; /* device number, 0 none */
    u32 threads;
    u32 priority; /* as kernel/sched counts */
    u32 cpu;      /* where it runs, or ran last */
    struct schedule schedule;
    struct credentials credentials;
    struct process_usage usage, children_usage;
    u64 start_time;
    u32 mapped_pages, resident_pages, stack_limit;
    u32 exit_signal;
    u32 fail_after; /* of its first task (mem/inject.h) */
    signal_set pending, shared_pending, blocked, ignored, caught;
};

/* Of a process or a kernel thread, or of one task of a process (else `tid`
 * is 0); false when there is none. */
bool process_facts_read(u32 pid, u32 tid, struct process_facts *facts);

/* R when it runs or wants to, else S. */
char thread_letter(const struct thread *thread);
