/*
 * Time that was worked is counted for the worker and, once it was waited for,
 * for its parent; page faults are counted too.
 */
#include "say.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/times.h>

static void work(void)
{
    struct tms now;
    clock_t start;

    times(&now);
    start = now.tms_utime;
    while (now.tms_utime - start < 5) {
        for (volatile int i = 0; i < 100000; i++)
            continue;
        times(&now);
    }
}

static void *work_as_thread(void *unused)
{
    work();
    return unused;
}

static long microseconds(int who)
{
    struct rusage usage;

    MUST(getrusage(who, &usage));
    return usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec;
}

/* What one thread has worked is not another's, but the process's. */
static void threads_apart(void)
{
    long own = microseconds(RUSAGE_THREAD), all = microseconds(RUSAGE_SELF);
    pthread_t thread;

    MUST(pthread_create(&thread, NULL, work_as_thread, NULL));
    MUST(pthread_join(thread, NULL));
    say("the thread's: %d, the process's: %d",
        microseconds(RUSAGE_THREAD) - own < 20000,
        microseconds(RUSAGE_SELF) - all >= 40000);
}

int main(void)
{
    struct rusage before, after;
    struct tms now;
    char *map;

    work();
    MUST(times(&now));
    say("worked: %d, children not yet: %d", now.tms_utime >= 5,
        now.tms_cutime == 0);
    child_run("worker", work);
    MUST(times(&now));
    say("children: %d", now.tms_cutime >= 5);
    MUST(getrusage(RUSAGE_CHILDREN, &after));
    say("children: %d",
        after.ru_utime.tv_sec > 0 || after.ru_utime.tv_usec >= 30000);
    map = mmap(NULL, 100 * 4096, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(getrusage(RUSAGE_SELF, &before));
    for (int i = 0; i < 100; i++)
        map[i * 4096] = 1;
    MUST(getrusage(RUSAGE_SELF, &after));
    say("faults counted: %d", after.ru_minflt - before.ru_minflt >= 100 &&
                                  after.ru_minflt - before.ru_minflt < 120);
    threads_apart();
    TRY(getrusage(77, &after));
    return 0;
}
