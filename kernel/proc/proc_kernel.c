/*
 * Kernel threads for /proc: they are no processes, so they are shown under
 * numbers past all pids, in the order in which they were made. A number is
 * good as long as no older kernel thread ends, and they hardly ever do.
 */
#include "lib/string.h"
#include "proc/proc_facts.h"
#include "proc/procfs.h"
#include "sched/scheduler.h"

/* A search through the list of threads. */
struct kernel_search {
    u32 number; /* wanted */
    u32 next;   /* of the next kernel thread */
    bool found;
    struct process_facts *facts; /* may be NULL */
};

static bool kernel_visit(struct thread *thread, void *context)
{
    struct kernel_search *search = context;

    if (task_of(thread) || search->next++ != search->number)
        return true;
    search->found = true;
    if (search->facts) {
        string_copy(search->facts->name, thread->name, THREAD_NAME_SIZE);
        search->facts->pid = search->facts->tid = search->number;
        search->facts->state = thread_letter(thread);
        search->facts->priority = thread->priority;
        search->facts->threads = 1;
        search->facts->usage.kernel_ticks = thread->kernel_ticks;
    }
    return false;
}

/* The idle threads stand in no list: one a CPU, and first here. */
bool kernel_thread_find(u32 number, struct process_facts *facts)
{
    struct kernel_search search = {number, NUMBER_MAX, false, facts};

    for (u32 i = 0; i < cpu_count && !search.found; i++)
        (void)kernel_visit(run_queues[i].idle, &search);
    if (!search.found)
        thread_for_each(kernel_visit, &search);
    return search.found;
}
