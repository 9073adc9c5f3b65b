/*
 * Work for later: what an interrupt handler, or who holds a spinlock, leaves
 * to a thread of the kernel, which may sleep and is seen in /proc as "worker".
 */
#pragma once

#include "lib/list.h"
#include "lib/types.h"

struct work {
    void (*run)(struct work *work); /* in the worker; may add it again, or
                                       free what it is part of */
    struct list link;
    bool waits; /* it is in line; both under the queue's lock */
};

static inline void work_initialize(struct work *work,
                                   void (*run)(struct work *work))
{
    *work = (struct work){.run = run};
}

/* Has it run once, behind what was added before; nothing new if it waits
 * already. Any context, also with spinlocks of higher rank than WAIT held. */
void work_add(struct work *work);

/* Starts the worker. What was added before runs then. */
void work_queue_start(void);
