/*
 * The chain of a deadlock is written down when it is found: its threads may
 * be gone when somebody asks.
 */
#include "proc/proc_waits.h"

#include "core/debug_key.h"
#include "core/printk.h"
#include "lib/format.h"
#include "lib/string.h"
#include "proc/process.h"
#include "sched/lend.h"

#define CHAIN_SIZE 200u

struct chain {
    char text[CHAIN_SIZE];
    u32 length;
};

static struct spinlock newest_lock = SPINLOCK_INITIALIZER(RANK_WAIT);
static char newest[CHAIN_SIZE]; /* deadlock; under the lock */

static u32 number_of(struct thread *thread)
{
    const struct task *task = task_of(thread);

    return task ? task->tid : 0;
}

/* A chain that is too long is cut. */
static void chain_append(struct thread *thread, void *context)
{
    struct chain *chain = context;
    u32 room = CHAIN_SIZE - chain->length;
    u32 length = format_text(chain->text + chain->length, room, "%s%u %s",
                             chain->length != 0 ? " -> " : "",
                             number_of(thread), thread->name);

    chain->length += min(length, room - 1);
}

bool waits_would_deadlock(struct task *owner)
{
    struct thread *self = current_thread();
    struct chain chain = {.length = 0};

    if (!lend_comes_back(&owner->thread, NULL, NULL))
        return false;
    chain_append(self, &chain);
    (void)lend_comes_back(&owner->thread, chain_append, &chain);
    chain_append(self, &chain);
    printk("deadlock: %s\n", chain.text);
    spin_lock(&newest_lock);
    string_copy(newest, chain.text, sizeof(newest));
    spin_unlock(&newest_lock);
    return true;
}

static void wait_append(struct thread *waiter, void *context)
{
    struct thread *owner = lend_owner(waiter);

    text_append(context, "%u %s waits for a mutex of %u %s\n",
                number_of(waiter), waiter->name, number_of(owner), owner->name);
}

void waits_tell(struct text_buffer *text)
{
    lend_for_each(wait_append, text);
    spin_lock(&newest_lock);
    if (newest[0] != '\0')
        text_append(text, "deadlock: %s\n", newest);
    spin_unlock(&newest_lock);
}

static void waits_print(void)
{
    text_log(waits_tell);
}

struct debug_key waits_key = {
    .key = 'w', .what = "who waits for whom", .act = waits_print};
