/*
 * Waiting for many files at once (poll, select, ppoll, pselect).
 *
 * A file's poll operation calls poll_table_add for each queue whose waking
 * may change its answer, then tells its state. A NULL table only asks.
 */
#pragma once

#include "sched/wait_queue.h"

struct poll_table;

/* Queues the poller on `queue`; out of memory is remembered and makes the
 * whole call fail with -ENOMEM. Call without the queue's lock. */
void poll_table_add(struct poll_table *table, struct wait_queue *queue);

struct file;

struct poll_item {
    struct file *file; /* NULL: skipped */
    u32 events;        /* POLLIN... asked (POLLERR, POLLHUP always) */
    u32 result;
};

/* Number of items with a result, 0 at `deadline` (clock_nanoseconds; 0: never,
 * POLL_NO_WAIT: at once), -EINTR, -ENOMEM. */
#define POLL_NO_WAIT 1ull
int poll_wait(struct poll_item *items, u32 count, u64 deadline);
