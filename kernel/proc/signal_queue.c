/*
 * What is pending. A set bit says that a signal is there; an entry carries
 * what its handler is told. Standard signals have at most one entry and do
 * without when memory is out; real-time signals have one each.
 */
#include "proc/signal.h"

#include "mem/heap.h"
#include "proc/process.h"
#include <asm/errno.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/signal.h>

#define ENTRIES_MAX 1024u /* of one process */

/* Those that a task brings upon itself come before all others. */
#define SYNCHRONOUS                                                            \
    (SIGNAL_BIT(SIGSEGV) | SIGNAL_BIT(SIGBUS) | SIGNAL_BIT(SIGILL) |           \
     SIGNAL_BIT(SIGTRAP) | SIGNAL_BIT(SIGFPE) | SIGNAL_BIT(SIGSYS))

static void pending_initialize(struct signal_pending *pending)
{
    pending->set = 0;
    list_initialize(&pending->entries);
}

void signal_process_initialize(struct signal_process *signals)
{
    spinlock_initialize(&signals->lock, RANK_SIGNAL);
    pending_initialize(&signals->pending);
}

void signal_task_initialize(struct signal_task *signals)
{
    *signals = (struct signal_task){.stack.flags = SS_DISABLE};
    pending_initialize(&signals->pending);
}

void task_set_work(struct task *task, u32 work)
{
    __atomic_fetch_or(&task->thread.work, work, __ATOMIC_SEQ_CST);
    thread_unpark(&task->thread);
    thread_kick(&task->thread);
}

static signal_set pending_of(const struct task *task)
{
    return task->signals.pending.set | task->process->signals.pending.set;
}

/* Clears before it looks: what arrives in between sets the bit again. */
void signal_update_work(struct task *task)
{
    __atomic_fetch_and(&task->thread.work, ~THREAD_WORK_SIGNAL,
                       __ATOMIC_SEQ_CST);
    if ((pending_of(task) & ~task->signals.blocked) || task->process->stopping)
        __atomic_fetch_or(&task->thread.work, THREAD_WORK_SIGNAL,
                          __ATOMIC_SEQ_CST);
}

int signal_enqueue(struct process *process, struct signal_pending *pending,
                   const struct signal_info *info)
{
    signal_set bit = SIGNAL_BIT(info->number);
    bool standard = (u32)info->number < SIGNAL_REAL_TIME;

    if (standard && (pending->set & bit))
        return 0;
    struct signal_entry *entry = NULL;
    if (process->signals.entry_count < ENTRIES_MAX &&
        process->signals.entry_count <
            process->limits[RLIMIT_SIGPENDING].rlim_cur)
        entry = heap_alloc(sizeof(*entry));
    if (!entry && !standard)
        return -EAGAIN;
    if (entry) {
        entry->info = *info;
        list_add_last(&pending->entries, &entry->link);
        process->signals.entry_count++;
    }
    pending->set |= bit;
    return 0;
}

static void entry_free(struct process *process, struct signal_entry *entry)
{
    list_remove(&entry->link);
    process->signals.entry_count--;
    heap_free(entry);
}

void signal_dequeue_set(struct process *process, struct signal_pending *pending,
                        signal_set set)
{
    struct signal_entry *entry, *next;

    if (!(pending->set & set))
        return;
    pending->set &= ~set;
    list_for_each_safe (entry, next, &pending->entries, link)
        if (SIGNAL_BIT(entry->info.number) & set)
            entry_free(process, entry);
}

/* The lowest number of a set that is not empty. */
static int lowest(signal_set set)
{
    u32 low = (u32)set;
    return low != 0 ? __builtin_ctz(low) + 1
                    : __builtin_ctz((u32)(set >> 32)) + 33;
}

/* Takes the oldest `number` out; the bit stays while there are more. */
static void pending_take(struct process *process,
                         struct signal_pending *pending, int number,
                         struct signal_info *info)
{
    struct signal_entry *entry, *next;
    bool found = false;

    *info = (struct signal_info){.number = number, .code = SI_USER};
    pending->set &= ~SIGNAL_BIT(number);
    list_for_each_safe (entry, next, &pending->entries, link) {
        if (entry->info.number != number)
            continue;
        if (found) {
            pending->set |= SIGNAL_BIT(number);
            return;
        }
        *info = entry->info;
        entry_free(process, entry);
        found = true;
    }
}

int signal_take(struct task *task, signal_set wanted, struct signal_info *info)
{
    struct process *process = task->process;
    struct signal_pending *pending = &task->signals.pending;

    spin_lock(&process->signals.lock);
    signal_set set = pending->set & wanted;
    if (set & SYNCHRONOUS)
        set &= SYNCHRONOUS;
    if (set == 0) {
        pending = &process->signals.pending;
        set = pending->set & wanted;
    }
    int number = set != 0 ? lowest(set) : 0;
    if (number != 0) {
        pending_take(process, pending, number, info);
        if (SIGNAL_BIT(number) & SIGNAL_STOPS)
            process->signals.stop_due = true;
    }
    signal_update_work(task);
    spin_unlock(&process->signals.lock);
    return number;
}

void signal_discard(struct process *process, struct signal_pending *pending)
{
    spin_lock(&process->signals.lock);
    signal_dequeue_set(process, pending, ~0ull);
    spin_unlock(&process->signals.lock);
}
