/* With a timer, threads in user space lose the processor in a busy loop, but
 * not while they hold that off; the signal mask and errno stay what they were.
 */
#include "say.h"

#include "uthread/uthread.h"

#include <sys/resource.h>

enum { QUANTUM = 5000, LONG = 60000, THREADS = 4, ROUNDS = 200 }; /* us */

static volatile int turns, stop, blocked, errno_lost;

static void *counts(void *argument)
{
    while (!stop) {
        turns++;
        uthread_yield();
    }
    return argument;
}

static long used(void)
{
    struct rusage usage;

    MUST(getrusage(RUSAGE_SELF, &usage));
    return (long)usage.ru_utime.tv_sec * 1000000 + (long)usage.ru_utime.tv_usec;
}

/* Busy for many quanta; how many turns have others had? */
static int turns_in_a_long_time(void)
{
    long start = used();
    int before = turns;

    while (used() - start < LONG)
        for (volatile int i = 0; i < 10000; i++)
            ;
    return turns - before;
}

static void a_busy_loop(void)
{
    struct uthread *other;
    int before;

    uthread_create(&other, counts, NULL);
    say("without a timer: %d", turns_in_a_long_time());
    say("preempt: %d", uthread_preempt(QUANTUM));
    for (before = turns; turns == before;)
        ;
    say("with one, a busy loop is left");
    uthread_hold();
    uthread_hold();
    say("held off: %d", turns_in_a_long_time());
    uthread_release();
    before = turns;
    say("not yet: %d", turns_in_a_long_time());
    uthread_release();
    say("at the release: %d", turns > before);
    say("turned off: %d", uthread_preempt(0));
    say("off: %d", turns_in_a_long_time());
    stop = 1;
    uthread_join(other, NULL);
}

/* Leaves by itself with a switch due; then nothing is due any more. */
static void *leaves_late(void *argument)
{
    uthread_hold();
    turns_in_a_long_time();
    uthread_yield();
    uthread_release();
    turns++;
    return argument;
}

static void a_switch_due_is_made_once(void)
{
    struct uthread *other;
    int before = turns;

    uthread_preempt(QUANTUM);
    uthread_create(&other, leaves_late, NULL);
    uthread_yield();
    uthread_preempt(0);
    uthread_yield();
    say("left with a switch due, and stayed when back: %d", turns > before);
    uthread_join(other, NULL);
}

static int timer_is_blocked(void)
{
    sigset_t set;

    MUST(sigprocmask(SIG_BLOCK, NULL, &set));
    return sigismember(&set, SIGVTALRM);
}

/* Not inlined: a compiler knows what it has just written to errno. */
__attribute__((noinline)) static int errno_now(void)
{
    __asm__ volatile("" ::: "memory");
    return errno;
}

/* Every other thread gives up by itself, the others are interrupted: so each
 * kind of leaving is followed by each kind of coming back. */
static void *looks(void *argument)
{
    int number = (int)(uintptr_t)argument;

    for (int i = 0; i < ROUNDS; i++) {
        if (number % 2)
            uthread_yield();
        errno = 100 + number;
        for (volatile int j = 0; j < 20000; j++)
            ;
        errno_lost += errno_now() != 100 + number;
        blocked += timer_is_blocked();
    }
    return NULL;
}

int main(void)
{
    struct uthread *threads[THREADS];

    say("start: %d", uthread_start(1));
    a_busy_loop();
    a_switch_due_is_made_once();
    uthread_preempt(1000);
    for (uintptr_t i = 0; i < THREADS; i++)
        uthread_create(&threads[i], looks, (void *)i);
    for (int i = 0; i < THREADS; i++)
        uthread_join(threads[i], NULL);
    say("errno lost: %d, timer blocked: %d", errno_lost, blocked);
    return 0;
}
