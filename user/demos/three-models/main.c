/*
 * Demo: three models of threads do the same work.
 *
 * One-to-one: the kernel knows each thread. Many-to-one: it knows one, on which
 * a library switches between ours. Many-to-many: the library switches between
 * ours on several. Each model is measured in processes of its own, in time of
 * the machine; under --icount a nanosecond is an instruction.
 *
 * The speed-up is that of elapsed time. It cannot be more than the emulator's
 * own CPUs give, and under --icount the machine's CPUs take turns. What does
 * not depend on that is how many were at work: CPU time by elapsed time. A busy
 * host takes time that the machine does not see; --icount repeats exactly.
 */
#include "demos/demo.h"

#include "model.h"

#include <dirent.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIVES = 200, YIELDS = 2000, WAIT_MS = 20, WORK = 8000000 };

struct figures {
    long create, change;  /* nanoseconds */
    long waited;          /* milliseconds */
    int kernel_threads;   /* while they wait */
    double speedup, cpus; /* of busy threads */
};

static const struct model *model;
static struct figures *figures;

/* CPU time of all threads. */
static double used(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
}

/* Nanoseconds until threads that do this have all ended. */
static double all(void *(*function)(void *))
{
    double start = now();
    void *threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        threads[i] = model->create(function, NULL);
    for (int i = 0; i < THREADS; i++)
        model->join(threads[i]);
    return now() - start;
}

static void *ends_at_once(void *argument)
{
    return argument;
}

static void measure_create(void)
{
    model->join(model->create(ends_at_once, NULL));
    double start = now();
    for (int i = 0; i < LIVES; i++)
        model->join(model->create(ends_at_once, NULL));
    figures->create = (long)((now() - start) / LIVES);
}

static void *yields(void *argument)
{
    for (int i = 0; i < YIELDS; i++)
        model->yield();
    return argument;
}

static void measure_switch(void)
{
    figures->change = (long)(all(yields) / (THREADS * YIELDS));
}

static int kernel_threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int count = -2; /* . and .. */

    while (tasks && readdir(tasks))
        count++;
    if (tasks)
        closedir(tasks);
    return count;
}

/* As one does that reads from a slow device. */
static void *waits(void *argument)
{
    int count;

    usleep(WAIT_MS * 1000);
    count = kernel_threads();
    if (count > figures->kernel_threads)
        figures->kernel_threads = count;
    return argument;
}

static void measure_waiting(void)
{
    figures->waited = (long)(all(waits) / 1e6);
}

static void *computes(void *argument)
{
    compute(WORK);
    return argument;
}

static void measure_work(void)
{
    double start = now();

    for (int i = 0; i < THREADS; i++)
        computes(NULL);
    double alone = now() - start, before = used();
    double together = all(computes);
    figures->speedup = alone / together;
    figures->cpus = (used() - before) / together;
}

/* On one CPU, so that each yield leads to another thread. */
static void measure_on_one(void)
{
    stay_on_one_cpu();
    model->start();
    measure_create();
    measure_switch();
}

static void measure_on_all(void)
{
    model->start();
    measure_waiting();
    measure_work();
}

/* In a process of its own, since a model is started once. */
static void run(void (*measure)(void))
{
    int status = 1;
    pid_t pid = fork();

    if (pid == 0) {
        measure();
        _exit(0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0) {
        fprintf(stderr, "three-models: cannot measure %s\n", model->name);
        exit(1);
    }
}

static void explain(void)
{
    puts("");
    puts("create, switch: a library's function call costs less than the "
         "kernel's work.");
    printf("%d wait: the kernel stops its one thread, and all of ours with it; "
           "where it\nknows several, it goes on with another.\n",
           THREADS);
    puts("speed-up, CPUs: only threads that the kernel knows run on several "
         "CPUs at once.");
}

int main(void)
{
    figures = mmap(NULL, MODELS * sizeof *figures, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (figures == MAP_FAILED)
        return perror("mmap"), 1;
    printf("%d threads, %d CPUs\n\n", THREADS, cpu_count());
    printf("%-13s%9s%9s   %d wait %d ms each   %8s%6s\n", "model", "create",
           "switch", THREADS, WAIT_MS, "speed-up", "CPUs");
    fflush(stdout);
    for (model = models; model < models + MODELS; model++, figures++) {
        run(measure_on_one);
        run(measure_on_all);
        printf("%-13s%6ld ns%6ld ns   %4ld ms on %2d   %8.1f%6.1f\n",
               model->name, figures->create, figures->change, figures->waited,
               figures->kernel_threads, figures->speedup, figures->cpus);
        fflush(stdout);
    }
    explain();
    return 0;
}
