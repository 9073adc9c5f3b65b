/*
 * Collecting what /proc tells of a process.
 */
#include "proc/proc_facts.h"

#include "lib/string.h"
#include "proc/procfs.h"
#include "proc/task.h"
#include "proc/tty.h"

char thread_letter(const struct thread *thread)
{
    enum thread_state state = thread->state;
    return state == THREAD_PARKED || state == THREAD_DEAD ? 'S' : 'R';
}

static char task_state(const struct task *task)
{
    bool stopped = task->stands && task->process->stopping;
    return stopped ? 'T' : thread_letter(&task->thread);
}

/* That of its first thread, as Linux has it: Z once that has ended, though
 * others may go on. */
static char process_state(const struct process *process)
{
    struct task *task;

    list_for_each (task, &process->tasks, link)
        if (task->tid == process->pid)
            return task_state(task);
    return 'Z';
}

static void memory_read(const struct address_space *space,
                        struct process_facts *facts)
{
    if (!space)
        return;
    facts->mapped_pages = space->mapped_pages;
    facts->resident_pages = address_space_resident(space);
    facts->stack_limit = space->stack_limit;
}

static void signals_read(const struct process *process, const struct task *task,
                         struct process_facts *facts)
{
    facts->shared_pending = process->signals.pending.set;
    if (task) {
        facts->pending = task->signals.pending.set;
        facts->blocked = task->signals.blocked;
    }
    for (u32 i = 0; process->actions && i < SIGNAL_COUNT; i++) {
        u32 handler = process->actions->actions[i].handler;
        if (handler == HANDLER_IGNORE)
            facts->ignored |= SIGNAL_BIT(i + 1);
        else if (handler != HANDLER_DEFAULT)
            facts->caught |= SIGNAL_BIT(i + 1);
    }
}

static void schedule_read(const struct task *task, struct process_facts *facts)
{
    facts->priority = task ? task->thread.priority : PRIORITY_NORMAL;
    if (!task)
        return;
    facts->schedule = task->schedule;
    facts->cpu = task->thread.cpu->index;
}

static void place_read(const struct process *process,
                       struct process_facts *facts)
{
    const struct session *session = process->group->session;

    facts->parent = process->parent ? process->parent->pid : 0;
    facts->group = group_number(process->group);
    facts->session = session->number.value;
    if (session->terminal) {
        facts->terminal = session->terminal->device.number;
        facts->foreground = session->terminal->foreground;
    }
}

/* What one task has of its own. Lock held. */
static void task_read(const struct task *task, struct process_facts *facts)
{
    memcpy(facts->name, task->thread.name, sizeof(facts->name));
    facts->tid = task->tid;
    facts->state = task_state(task);
    task_usage(task, &facts->usage);
}

/* Lock held. */
static void process_read(struct process *process, const struct task *task,
                         struct process_facts *facts)
{
    memcpy(facts->name, process->name, sizeof(facts->name));
    facts->pid = process->pid;
    facts->tid = process->pid;
    facts->state = process_state(process);
    facts->threads = process->task_count;
    facts->credentials = process->credentials;
    facts->start_time = process->start_time;
    facts->exit_signal = process->exit_signal;
    facts->children_usage = process->children_usage;
    process_usage(process, &facts->usage);
    place_read(process, facts);
    memory_read(process->space, facts);
    if (task)
        task_read(task, facts);
    else if (!list_is_empty(&process->tasks))
        task = list_first(&process->tasks, struct task, link);
    if (task)
        facts->fail_after = task->thread.stack->fail_after;
    schedule_read(task, facts);
    signals_read(process, task, facts);
}

bool process_facts_read(u32 pid, u32 tid, struct process_facts *facts)
{
    memset(facts, 0, sizeof(*facts));
    if (pid >= NUMBER_MAX)
        return kernel_thread_find(pid, facts);
    spin_lock(&process_table_lock);
    struct process *process = process_find(pid);
    struct task *task = tid != 0 ? task_find(tid) : NULL;
    bool found = process && (tid == 0 || (task && task->process == process));
    if (found)
        process_read(process, task, facts);
    spin_unlock(&process_table_lock);
    return found;
}
