/* Threads in user space on four kernel threads run at the same time, on all the
 * CPUs there are, up to four, and the timer takes each off its kernel thread.
 */
#include "say.h"

#include "uthread/uthread.h"

#include <sched.h>
#include <sys/syscall.h>

enum { THREADS = 4, MOVERS = 7 };

static unsigned present, seen, moved;

/* Busy until all are here: nobody gives up, so nobody may be left out. */
static void *meets(void *argument)
{
    __atomic_add_fetch(&present, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&present, __ATOMIC_SEQ_CST) < THREADS)
        __builtin_ia32_pause();
    return argument;
}

static unsigned wanted;

/* Busy until as many CPUs have been seen as there are. */
static void *looks_round(void *argument)
{
    unsigned cpu;

    do {
        MUST(syscall(SYS_getcpu, &cpu, NULL, NULL));
        __atomic_or_fetch(&seen, 1u << cpu, __ATOMIC_SEQ_CST);
    } while ((unsigned)__builtin_popcount(
                 __atomic_load_n(&seen, __ATOMIC_SEQ_CST)) < wanted);
    return argument;
}

/* Busy on until all have found themselves on another kernel thread: where one
 * were never interrupted, that would be never. */
static void *is_moved(void *argument)
{
    long first = syscall(SYS_gettid);

    while (syscall(SYS_gettid) == first)
        ;
    __atomic_add_fetch(&moved, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&moved, __ATOMIC_SEQ_CST) < MOVERS)
        ;
    return argument;
}

static void all(int count, void *(*function)(void *))
{
    struct uthread *threads[MOVERS];

    for (int i = 0; i < count; i++)
        if (uthread_create(&threads[i], function, NULL) != 0)
            say("no thread");
    for (int i = 0; i < count; i++)
        uthread_join(threads[i], NULL);
}

int main(void)
{
    cpu_set_t set;

    MUST(sched_getaffinity(0, sizeof set, &set));
    wanted = CPU_COUNT(&set) < THREADS ? (unsigned)CPU_COUNT(&set) : THREADS;
    say("start: %d", uthread_start(THREADS));
    all(THREADS, meets);
    say("all have met: %u", present);
    all(THREADS, looks_round);
    say("as many CPUs as there are: %d",
        (unsigned)__builtin_popcount(seen) >= wanted);
    uthread_preempt(2000);
    all(MOVERS, is_moved);
    say("all have been moved: %u", moved);
    return 0;
}
