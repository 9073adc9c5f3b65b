/*
 * What the policies keep of a thread: each its own fields, all under the lock
 * of the thread's run queue, or by the tick of the CPU that runs it. Time is in
 * counts of cpu_timestamp(), as in thread.ran.
 */
#pragma once

#include "lib/list.h"
#include "lib/tree.h"

struct cpu;
struct scheduler_policy;

struct schedule_entity {
    const struct scheduler_policy *policy; /* that has adopted it last */
    struct list link;      /* run_queue.line or .levels, while READY, */
    struct tree_node node; /* or .order */
    s64 key;               /* stride: its pass; fair: its virtual deadline */
    u32 load;              /* its part in run_queue.load */
    u32 seen, seen_ran;    /* from then on the balancer counts, see there */
    struct cpu *target;    /* where it is to go after this turn, or NULL */
    u64 turn_end;          /* its turn is over when it has run so long */
    u64 charged;           /* so long it had run when it was charged last */
    u64 allotment;         /* feedback: how long it may still run */
    u32 level;             /* on this level */
    u32 boosted;           /* run_queue.boosted at its last adoption */
    s64 virtual_time, lag; /* fair: see there */
};
