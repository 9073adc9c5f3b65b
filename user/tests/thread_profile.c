/* The timers of CPU time signal the thread that uses it: one that sleeps is not
 * woken, unless the busy one blocks the signal. (Before and after its sleep
 * main uses some time itself.) */
#include "thread.h"

#include <pthread.h>
#include <sys/time.h>
#include <time.h>

static volatile int in_loop, stops;
static int main_tid;
static pthread_barrier_t runs;

static void count(int number)
{
    in_loop += number != 0 && gettid() != main_tid;
}

static void *loop(void *number)
{
    sigset_t blocked;

    sigemptyset(&blocked);
    if (number)
        sigaddset(&blocked, *(int *)number);
    pthread_sigmask(SIG_BLOCK, &blocked, NULL);
    pthread_barrier_wait(&runs);
    while (!stops)
        ;
    return NULL;
}

static void profile(const char *name, int timer, int number, int blocks)
{
    struct itimerval often = {{0, 20000}, {0, 20000}}, never = {{0}, {0}};
    struct sigaction action = {.sa_handler = count};
    pthread_t thread;
    int slept;

    in_loop = stops = 0;
    sigaction(number, &action, NULL);
    pthread_create(&thread, NULL, loop, blocks ? &number : NULL);
    pthread_barrier_wait(&runs);
    MUST(setitimer(timer, &often, NULL));
    errno = 0;
    slept = nanosleep(&(struct timespec){0, 300000000}, NULL);
    setitimer(timer, &never, NULL);
    stops = 1;
    pthread_join(thread, NULL);
    say("%s: slept %s; in the loop: %s", name,
        slept == 0 ? "undisturbed" : error_name(errno), in_loop ? "yes" : "no");
}

int main(void)
{
    main_tid = gettid();
    pthread_barrier_init(&runs, NULL, 2);
    profile("virtual", ITIMER_VIRTUAL, SIGVTALRM, 0);
    profile("profile", ITIMER_PROF, SIGPROF, 0);
    profile("blocked", ITIMER_PROF, SIGPROF, 1);
    return 0;
}
