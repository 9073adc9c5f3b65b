/*
 * Lending along who waits for whom.
 *
 * One lock for all of it, taken only where a thread has to wait: a chain goes
 * through many mutexes, whose own locks no one could take in any order. While
 * somebody waits for a mutex, its owner changes only under this lock, so a
 * chain that is followed stays as it is, and its threads stay alive.
 *
 * Threads that wait for what a thread holds are linked behind it, whatever
 * the mutex. A list is as long as the line at the mutexes of one thread.
 */
#include "sched/lend.h"
#include "sched/run_queue.h"

static struct spinlock lending = SPINLOCK_INITIALIZER(RANK_LEND);

/* ---- what counts --------------------------------------------------------- */

/* Moves a thread to where it belongs now. */
static void priority_change(struct thread *thread, u32 priority,
                            bool takes_turns)
{
    struct run_queue *queue = run_queue_lock_of(thread);
    bool ready = thread->state == THREAD_READY;

    if (ready)
        policy_of(queue, thread)->dequeue(queue, thread);
    thread->priority = (u8)priority;
    thread->takes_turns = takes_turns;
    if (thread != queue->idle)
        (void)run_queue_adopt(queue, thread);
    if (ready) {
        enqueue(queue, thread, ARRIVES_FROM_AWAY);
        ask_for_switch_to(queue, thread);
    } else if (thread == queue->current) {
        ask_for_switch(queue);
    }
    spin_leave(&queue->lock);
}

static u32 priority_with_loans(const struct thread *thread)
{
    u32 priority = thread->own_priority;

    for (thread = thread->lender; thread; thread = thread->next_lender)
        priority = max(priority, (u32)thread->priority);
    return priority;
}

/* Something has changed for `thread`: so it may have for whom it waits for,
 * and so on. It ends even in a circle: what counts settles. */
static void settle(struct thread *thread)
{
    while (thread) {
        u32 priority = priority_with_loans(thread);

        if (priority == thread->priority)
            return;
        priority_change(thread, priority, thread->takes_turns);
        thread = lend_owner(thread);
    }
}

void thread_set_priority(struct thread *thread, u32 priority, bool takes_turns)
{
    spin_lock(&lending);
    thread->own_priority = (u8)priority;
    if (takes_turns != thread->takes_turns)
        priority_change(thread, thread->priority, takes_turns);
    settle(thread);
    spin_unlock(&lending);
}

/* ---- who lends to whom --------------------------------------------------- */

static void lender_add(struct thread *owner, struct thread *waiter)
{
    waiter->next_lender = owner->lender;
    owner->lender = waiter;
}

static void lender_remove(struct thread *owner, const struct thread *waiter)
{
    struct thread **link = &owner->lender;

    while (*link != waiter)
        link = &(*link)->next_lender;
    *link = waiter->next_lender;
}

void lend_begin(struct mutex *mutex, struct thread *waiter)
{
    spin_lock(&lending);
    waiter->waits_for = mutex;
    lender_add(mutex_owner(mutex), waiter);
    settle(mutex_owner(mutex));
    spin_unlock(&lending);
}

void lend_end(struct thread *waiter)
{
    struct thread *owner = mutex_owner(waiter->waits_for);

    spin_lock(&lending);
    waiter->waits_for = NULL;
    lender_remove(owner, waiter);
    settle(owner);
    spin_unlock(&lending);
}

bool lend_comes_back(struct thread *owner,
                     void (*visit)(struct thread *thread, void *context),
                     void *context)
{
    spin_lock(&lending);
    for (; owner && owner != current_thread(); owner = lend_owner(owner))
        if (visit)
            visit(owner, context);
    spin_unlock(&lending);
    return owner != NULL;
}

void lend_pass(struct mutex *mutex, struct thread *next, u32 owner)
{
    struct thread *previous = mutex_owner(mutex), **link = &previous->lender;

    spin_lock(&lending);
    while (*link) {
        struct thread *waiter = *link;

        if (waiter->waits_for != mutex) {
            link = &waiter->next_lender;
            continue;
        }
        *link = waiter->next_lender;
        if (waiter == next)
            waiter->waits_for = NULL;
        else
            lender_add(next, waiter);
    }
    atomic_store(&mutex->owner, owner);
    settle(previous);
    settle(next);
    spin_unlock(&lending);
}

/* ---- for reports --------------------------------------------------------- */

struct visit {
    void (*waiter)(struct thread *waiter, void *context);
    void *context;
};

static bool waiter_visit(struct thread *thread, void *context)
{
    const struct visit *visit = context;

    spin_lock(&lending);
    if (thread->waits_for)
        visit->waiter(thread, visit->context);
    spin_unlock(&lending);
    return true;
}

void lend_for_each(void (*visit)(struct thread *waiter, void *context),
                   void *context)
{
    thread_for_each(waiter_visit, &(struct visit){visit, context});
}
