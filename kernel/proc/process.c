/*
 * The table of processes: finding them and their tasks by number, references,
 * what they have used.
 */
#include "proc/process.h"

#include "core/panic.h"
#include "mem/heap.h"
#include "proc/futex.h"
#include "proc/procfs.h"
#include "proc/task.h"
#include "proc/tty.h"
#include "vm/upcalls.h"

struct spinlock process_table_lock = SPINLOCK_INITIALIZER(RANK_PROCESS_TABLE);
struct process *init_process;

static volatile u32 process_total;

void processes_start(void)
{
    numbers_start();
    futexes_start();
    ttys_start();
    procfs_start();
}

u32 process_count(void)
{
    return process_total;
}

/* ---- the table ----------------------------------------------------------- */

void process_enlist(struct process *process, struct process *parent, u32 pid)
{
    process->pid = pid;
    process_get(process);
    number_add(&process->number, NUMBER_PROCESS, pid);
    process->parent = parent;
    if (parent)
        list_add_last(&parent->children, &process->sibling);
    process_total++;
}

void process_reap(struct process *process)
{
    assert(process->state == PROCESS_ZOMBIE);
    list_remove(&process->sibling);
    process->parent = NULL;
    group_leave(process);
    number_remove(&process->number);
    process_total--;
}

struct process *process_find(u32 pid)
{
    struct number *found = number_find(NUMBER_PROCESS, pid);
    return found ? container_of(found, struct process, number) : NULL;
}

struct task *task_find(u32 tid)
{
    struct number *found = number_find(NUMBER_TASK, tid);
    return found ? container_of(found, struct task, number) : NULL;
}

struct process *process_of(u32 number)
{
    struct task *task = task_find(number);
    return task ? task->process : process_find(number);
}

struct process *process_find_get(u32 pid)
{
    spin_lock(&process_table_lock);
    struct process *found = process_find(pid);
    if (found)
        process_get(found);
    spin_unlock(&process_table_lock);
    return found;
}

void process_get(struct process *process)
{
    atomic_increment(&process->references);
}

void process_put(struct process *process)
{
    if (atomic_decrement(&process->references))
        heap_free(process);
}

void process_drop_parts(struct process *process)
{
    spin_lock(&process_table_lock);
    struct address_space *space = process->space;
    struct fd_table *files = process->files;
    struct fs_context *context = process->context;
    struct path executable = process->executable;
    process->pages_leaving = space ? address_space_resident(space) : 0;
    process->space = NULL;
    process->files = NULL;
    process->context = NULL;
    process->executable = (struct path){NULL, NULL};
    spin_unlock(&process_table_lock);

    if (space)
        address_space_put(space);
    process->pages_leaving = 0;
    if (files)
        fd_table_put(files);
    if (context)
        fs_context_put(context);
    path_put(&executable);
}

/* ---- who may ------------------------------------------------------------- */

bool process_may_control(const struct process *target)
{
    const struct identity *mine = &current_process()->credentials.uid;
    const struct identity *its = &target->credentials.uid;

    return mine->effective == 0 || mine->effective == its->real ||
           mine->effective == its->saved || mine->real == its->real ||
           mine->real == its->saved;
}

static const struct credentials root_credentials;

const struct credentials *credentials_current(void)
{
    struct task *task = task_of(current_thread());
    return task ? &task->process->credentials : &root_credentials;
}

/* ---- what they have used ------------------------------------------------- */

void process_usage_add(struct process_usage *sum,
                       const struct process_usage *more)
{
    sum->ran += more->ran;
    sum->user_ticks += more->user_ticks;
    sum->kernel_ticks += more->kernel_ticks;
    sum->minor_faults += more->minor_faults;
    sum->switches_wanted += more->switches_wanted;
    sum->switches_suffered += more->switches_suffered;
    sum->peak_resident = max(sum->peak_resident, more->peak_resident);
}

void process_usage(struct process *process, struct process_usage *usage)
{
    struct task *task;
    struct process_usage of_task;

    *usage = process->ended_usage;
    if (process->space)
        usage->peak_resident = process->space->peak_resident;
    list_for_each (task, &process->tasks, link) {
        task_usage(task, &of_task);
        process_usage_add(usage, &of_task);
    }
}

void on_fault_counted(void)
{
    current_task()->faults++;
}
