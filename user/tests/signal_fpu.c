/* Floating point survives handlers, switches and forks. */
#include "say.h"

#include <sys/time.h>

static volatile double noise;
static volatile int count;

static void on_alarm(int number)
{
    (void)number;
    count++;
    for (int i = 1; i < 50; i++)
        noise = noise * 1.5 + 1.0 / i;
}

/* A sum whose every step depends on the last; any lost register shows. */
static __attribute__((noinline)) double series(double seed, int steps)
{
    double x = seed;

    for (int i = 0; i < steps; i++)
        x = x * 3.7 * (1.0 - x);
    return x;
}

static void child_compute(int number)
{
    double wanted = series(0.1 + number * 0.01, 1000), came = 0;
    int wrong = 0;

    for (int round = 0; round < 300; round++) {
        came = series(0.1 + number * 0.01, 1000);
        wrong += came != wanted;
    }
    _exit(wrong != 0);
}

int main(void)
{
    struct itimerval timer = {{0, 1000}, {0, 1000}};
    int status, bad = 0, rounds = 0, wrong = 0;
    double wanted = series(0.3, 1000);

    for (int i = 0; i < 6; i++)
        if (MUST(fork()) == 0)
            child_compute(i);
    handler_set(SIGALRM, on_alarm, SA_RESTART);
    MUST(setitimer(ITIMER_REAL, &timer, NULL));
    while (count < 20 || rounds < 100) {
        wrong += series(0.3, 1000) != wanted;
        rounds++;
    }
    timer = (struct itimerval){{0, 0}, {0, 0}};
    MUST(setitimer(ITIMER_REAL, &timer, NULL));
    while (wait(&status) > 0)
        bad += status != 0;
    say("wrong here %d, children wrong %d", wrong, bad);
    return 0;
}
