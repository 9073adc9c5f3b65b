/*
 * Threads in the order of a number: what proportional shares are made of. The
 * number is entity.key, the smallest comes first, and of equals who came
 * first.
 *
 * Protected by the lock of the run queue that it is part of.
 */
#pragma once

#include "lib/tree.h"

struct thread;
struct wanted;

void order_add(struct tree *order, struct thread *thread);
/* The thread of a node; NULL of none. */
struct thread *order_thread(struct tree_node *node);
/* The first that fits (thread_fits), or NULL. */
struct thread *order_find(const struct tree *order,
                          const struct wanted *wanted);

/* How much a thread of this priority counts beside others: 1,024 at nice 0,
 * and a quarter more with every step. Priorities above 40 count as 40. */
u32 priority_weight(u32 priority);
