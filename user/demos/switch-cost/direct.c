/*
 * The direct cost: two sides that do nothing but give each other the CPU.
 */
#include "measure.h"
#include "pair.h"

#include "demos/demo.h"
#include "uthread/uthread.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 1000, REPEATS = 5 };

struct cost {
    double time;          /* nanoseconds for one way */
    struct events events; /* for one way; where the kernel tells */
    int told;
};

static struct cost *costs; /* shared with the process that has user threads */

/* `switches` are those in one call of `round`. Whatever else happens on the
 * machine only adds, so the shortest time tells. */
static struct cost measure(void (*round)(void), int switches)
{
    struct events before, after;
    struct cost cost = {0};

    round();
    cost.told = events_read(&before);
    for (int i = 0; i < REPEATS; i++) {
        double start = now();
        for (int j = 0; j < ROUNDS; j++)
            round();
        double time = (now() - start) / (ROUNDS * switches);
        if (i == 0 || time < cost.time)
            cost.time = time;
    }
    events_read(&after);
    cost.events.switches =
        (after.switches - before.switches) / (REPEATS * ROUNDS * switches);
    cost.events.loads =
        (after.loads - before.loads) / (REPEATS * ROUNDS * switches);
    return cost;
}

static void show(const char *name, const struct cost *cost)
{
    printf("%-34s %9.0f ns", name, cost->time);
    if (cost->told)
        printf(" %9.2f %12.2f", cost->events.switches, cost->events.loads);
    putchar('\n');
    fflush(stdout);
}

static double show_pair(const char *name, void (*round)(void))
{
    struct cost cost = measure(round, 2);

    pair_end();
    show(name, &cost);
    return cost.time;
}

static void nothing(void)
{
}

/* ---- user threads: in a process of their own ---- */

static volatile int stop;

static void *user_thread(void *argument)
{
    while (!stop)
        uthread_yield();
    return argument;
}

static void user_threads_measure(void)
{
    struct uthread *other;

    if (uthread_start(1) != 0 || uthread_create(&other, user_thread, NULL) != 0)
        _exit(1);
    *costs = measure(uthread_yield, 2);
    stop = 1;
    uthread_join(other, NULL);
}

static double user_threads_show(void)
{
    int status = 1;

    costs = mmap(NULL, sizeof *costs, PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid = costs == MAP_FAILED ? -1 : fork();
    if (pid == 0) {
        user_threads_measure();
        _exit(0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0) {
        fputs("switch-cost: no user threads\n", stderr);
        return 0;
    }
    show("user thread to user thread", costs);
    return costs->time;
}

void direct_show(void)
{
    printf("%-34s %12s %9s %12s\n", "one way", "time", "switches",
           "page tables");
    struct cost alone = measure(pair_yield, 1);
    show("sched_yield, nobody else there", &alone);
    pair_start_yielding(THREADS);
    double threads = show_pair("thread to thread, sched_yield", pair_yield);
    pair_start_yielding(PROCESSES);
    double processes = show_pair("process to process, sched_yield", pair_yield);
    pair_start_turns(THREADS, nothing);
    show_pair("thread to thread, futex", pair_turn);
    pair_start_turns(PROCESSES, nothing);
    show_pair("process to process, futex", pair_turn);
    double user = user_threads_show();

    printf("\nWithout the call: a switch of threads is %.0f ns; another page "
           "table, %.0f ns more.\nUser threads never call the kernel, which "
           "counts no switch: %.0f ns in all.\n",
           threads - alone.time, processes - threads, user);
}
