/*
 * Demo: what CPUs share while each works on things of its own.
 *
 *   scaling [PLACE]      how many ranks to show for each row, 1 unless told
 *
 * A lock that another CPU has taken last costs more than one that is still in
 * this CPU's cache, and at some number of CPUs all they do is pass locks round.
 * So a kernel scales as far as its operations do without common locks. Here one
 * worker is pinned to each CPU, a process or a thread of one process, and all
 * do the same operation on a pipe, a file, memory of their own. CHECKED builds
 * count in /proc/lock_stat how often a lock was taken by another CPU than the
 * last time: the table shows how often for each 1,000 operations, and by which
 * ranks of locks (kernel/core/lock_ranks.h) most. Threads share their address
 * space and their table of descriptors: that is what their rows show.
 *
 * Under --icount the emulator's CPUs take turns of many operations, and a lock
 * that all take would be counted once a turn. But at a `pause` the emulator
 * goes on with the next CPU. So each worker pauses after each operation, and no
 * two operations in a row are of one CPU.
 */
#include "demos/demo.h"
#include "locks.h"
#include "operations.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OPERATIONS = 8000, WARM_UP = 64, CPUS_MAX = 32 };

/* In shared memory. `start` and `end` are passed by the workers and by the one
 * who measures, who looks at the counters before he comes. */
struct team {
    pthread_barrier_t ready, start, end, leave;
    const struct operation *operation;
};

static struct team *team;
static int cpus[CPUS_MAX], cpus_used;

static void *work(void *argument)
{
    struct own own = {.cpu = *(int *)argument};
    cpu_set_t only;

    CPU_ZERO(&only);
    CPU_SET(own.cpu, &only);
    if (sched_setaffinity(0, sizeof only, &only) < 0)
        fail("sched_setaffinity");
    own_make(&own);
    for (int i = 0; i < WARM_UP; i++)
        if (team->operation->act(&own))
            fail(team->operation->name);
    pthread_barrier_wait(&team->ready);
    pthread_barrier_wait(&team->start);
    for (int i = 0; i < OPERATIONS; i++) {
        if (team->operation->act(&own))
            fail(team->operation->name);
        __builtin_ia32_pause(); /* see above */
    }
    pthread_barrier_wait(&team->end);
    pthread_barrier_wait(&team->leave);
    own_release(&own);
    return NULL;
}

static void team_make(const struct operation *operation)
{
    pthread_barrierattr_t shared;
    unsigned all = (unsigned)cpus_used + 1;

    pthread_barrierattr_init(&shared);
    pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&team->ready, &shared, all);
    pthread_barrier_init(&team->start, &shared, all);
    pthread_barrier_init(&team->end, &shared, all);
    pthread_barrier_init(&team->leave, &shared, all);
    team->operation = operation;
}

static void row_print(const char *who, struct rank *ranks, int count, int shown)
{
    double thousands = OPERATIONS * cpus_used / 1000.0;
    unsigned long long taken = 0, transfers = 0;

    for (int i = 0; i < count; i++) {
        taken += ranks[i].taken;
        transfers += ranks[i].transfers;
    }
    printf("%-16s %-9s %9.1f %9.1f  ", team->operation->name, who,
           (double)taken / thousands, (double)transfers / thousands);
    for (int i = 0; i < count && i < shown && ranks[i].transfers; i++)
        printf(" %s %.1f", ranks[i].name,
               (double)ranks[i].transfers / thousands);
    putchar('\n');
    fflush(stdout);
}

/* ---- a row ---- */

static void team_measure(const char *who, int shown)
{
    struct rank before[RANKS_MAX], after[RANKS_MAX];

    pthread_barrier_wait(&team->ready);
    int before_count = ranks_read(before);
    pthread_barrier_wait(&team->start);
    pthread_barrier_wait(&team->end);
    int count = ranks_read(after);
    pthread_barrier_wait(&team->leave);
    ranks_subtract(after, count, before, before_count);
    row_print(who, after, count, shown);
}

static void measure_processes(int shown)
{
    for (int i = 0; i < cpus_used; i++) {
        pid_t pid = fork();

        if (pid < 0)
            fail("fork");
        if (pid == 0) {
            work(&cpus[i]);
            _exit(0);
        }
    }
    team_measure("processes", shown);
    while (wait(NULL) > 0)
        ;
}

static void measure_threads(int shown)
{
    pthread_t threads[CPUS_MAX];

    for (int i = 0; i < cpus_used; i++)
        if (pthread_create(&threads[i], NULL, work, &cpus[i]) != 0)
            fail("pthread_create");
    team_measure("threads", shown);
    for (int i = 0; i < cpus_used; i++)
        pthread_join(threads[i], NULL);
}

static void cpus_find(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof set, &set) < 0)
        fail("sched_getaffinity");
    for (int cpu = 0; cpu < CPUS_MAX; cpu++)
        if (CPU_ISSET(cpu, &set))
            cpus[cpus_used++] = cpu;
}

int main(int count, char **words)
{
    int shown = count > 1 ? atoi(words[1]) : 1;

    team = mmap(NULL, sizeof *team, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (team == MAP_FAILED)
        fail("mmap");
    if (!ranks_counted()) {
        fputs("scaling: only CHECKED builds count (make CHECKED=1)\n", stderr);
        return 2;
    }
    cpus_find();
    printf("%d CPUs, for 1,000 operations:\n", cpus_used);
    printf("%-16s %-9s %9s %9s   most by\n", "operation", "by", "locks",
           "transfers");
    fflush(stdout);
    for (const struct operation *one = operations; one->name; one++) {
        team_make(one);
        measure_processes(shown);
        if (!one->by_threads)
            continue;
        team_make(one);
        measure_threads(shown);
    }
    return 0;
}
