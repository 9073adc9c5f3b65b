/*
 * Kernel threads for /proc: they are no processes, so they are shown under
 * numbers past all pids, in the order in which they were made. A number is
 * good as long as no older kernel thread ends, and they hardly ever do.
 */
#include "lib/string.h"
#include "proc/procfs.h"
#include "proc/process.h"
#include "sched/scheduler.h"

/* A search through the list of threads. */
struct kernel_search {
    u32 wanted; /* how many to skip */
    bool found;
    struct kernel_thread_facts *facts; /* may be NULL */
};

static char state_of(const struct thread *thread)
{
    bool runs =
        thread->state == THREAD_RUNNING || thread->state == THREAD_READY;
    return runs ? 'R' : 'S';
}

static bool kernel_visit(struct thread *thread, void *context)
{
    struct kernel_search *search = context;

    if (task_of(thread))
        return true;
    if (search->wanted-- != 0)
        return true;
    search->found = true;
    if (search->facts) {
        string_copy(search->facts->name, thread->name, THREAD_NAME_SIZE);
        search->facts->state = state_of(thread);
        search->facts->priority = thread->priority;
        search->facts->kernel_ticks = thread->kernel_ticks;
    }
    return false;
}

/* The idle threads stand in no list: one a CPU, and first here. */
static bool kernel_search(u32 number, struct kernel_thread_facts *facts)
{
    struct kernel_search search = {number - NUMBER_MAX, false, facts};

    for (u32 i = 0; i < cpu_count && !search.found; i++)
        (void)kernel_visit(run_queues[i].idle, &search);
    if (!search.found)
        thread_for_each(kernel_visit, &search);
    return search.found;
}

bool kernel_thread_find(u32 number, struct kernel_thread_facts *facts)
{
    return number >= NUMBER_MAX && kernel_search(number, facts);
}

u32 kernel_thread_next(u32 number)
{
    return kernel_search(number, NULL) ? number : 0;
}
