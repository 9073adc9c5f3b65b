/*
 * What the policies keep of a thread: each its own fields, all under the lock
 * of the thread's run queue.
 */
#pragma once

#include "lib/list.h"
#include "lib/tree.h"

struct scheduler_policy;

struct schedule_entity {
    const struct scheduler_policy *policy; /* that has adopted it last */
    struct list link;      /* run_queue.line or .levels, while READY, */
    struct tree_node node; /* or .order */
    s64 key;               /* stride: its pass; fair: its virtual deadline */
    u32 slice;             /* ticks left of its turn */
    u32 level, allotment;  /* feedback: how far down, ticks left there */
    u32 boosted; /* feedback: run_queue.boosted at its last adoption */
    u32 weight;  /* fair: see there */
    s64 virtual_time, lag;
};
