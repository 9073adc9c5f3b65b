/*
 * One line, one worker: work of one piece never runs twice at a time, and all
 * of it in the order in which it came.
 */
#include "sched/work_queue.h"

#include "core/debug_key.h"
#include "core/panic.h"
#include "sched/wait_queue.h"

/* Under the lock. */
static struct spinlock lock = SPINLOCK_INITIALIZER(RANK_WAIT);
static struct list line = LIST_INITIALIZER(line);
static struct wait_queue worker = {.lock = &lock,
                                   .waiters = LIST_INITIALIZER(worker.waiters)};

void work_add(struct work *work)
{
    spin_lock(&lock);
    if (!work->waits) {
        work->waits = true;
        list_add_last(&line, &work->link);
        wait_queue_wake_one(&worker);
    }
    spin_unlock(&lock);
}

static struct work *work_take(void)
{
    spin_lock(&lock);
    while (list_is_empty(&line))
        (void)wait_queue_wait(&worker, 0, UNINTERRUPTIBLE);
    struct work *work = list_first(&line, struct work, link);
    list_remove(&work->link);
    work->waits = false;
    spin_unlock(&lock);
    return work;
}

static void worker_run(void *unused)
{
    for (;;) {
        struct work *work = work_take();

        work->run(work);
    }
}

/* ---- debug keys with long reports ---------------------------------------- */

static const struct debug_key *key_pressed;

static void key_report(struct work *work)
{
    debug_key_report(key_pressed);
}

static struct work key_work = {.run = key_report};

void on_debug_key(const struct debug_key *key)
{
    key_pressed = key;
    work_add(&key_work);
}

void work_queue_start(void)
{
    if (!kernel_thread_create("worker", worker_run, NULL))
        panic("there is no memory for the worker");
}
