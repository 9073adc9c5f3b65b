/* Alarms ring once, interval timers again and again, and both tell the rest.*/
#include "say.h"

#include <sys/time.h>

static volatile int count;

static void on_signal(int number)
{
    (void)number;
    count++;
}

static void on_other(int number)
{
    say("%s", signal_name(number));
    signal(number, SIG_IGN);
}

/* A child begins without one. */
static void inherited(void)
{
    struct itimerval old;

    TRY(getitimer(ITIMER_PROF, &old));
    say("child's: %d", (int)old.it_value.tv_usec);
}

/* Time in which the process does not run does not count. */
static void charged(int which, int number)
{
    struct itimerval timer = {{0, 4000}, {0, 20000}}, old;

    count = 0;
    handler_set(number, on_signal, 0);
    TRY(setitimer(which, &timer, NULL));
    usleep(100000);
    say("asleep: %d", count);
    TRY(getitimer(which, &old));
    say("interval %ld, runs %d", (long)old.it_interval.tv_usec,
        old.it_value.tv_usec > 10000 && old.it_value.tv_usec <= 24000);
    child_run("child", inherited);
    while (count < 10)
        ;
    timer.it_value.tv_usec = 0;
    TRY(setitimer(which, &timer, &old));
    say("was running: %d", old.it_value.tv_usec > 0);
    handler_set(number, on_other, 0);
    timer = (struct itimerval){{0, 0}, {0, 1}};
    TRY(setitimer(which, &timer, NULL));
    for (old.it_value.tv_usec = 1; old.it_value.tv_usec != 0;)
        MUST(getitimer(which, &old));
}

int main(void)
{
    struct itimerval timer = {{0, 5000}, {0, 5000}}, old;

    handler_set(SIGALRM, on_signal, 0);
    handler_set(SIGVTALRM, on_signal, 0);
    TRY(alarm(100));
    TRY(alarm(0) > 98);
    TRY(alarm(0));
    TRY(setitimer(ITIMER_REAL, &timer, NULL));
    while (count < 5)
        pause();
    TRY(getitimer(ITIMER_REAL, &old));
    say("interval %ld", (long)old.it_interval.tv_usec);
    timer.it_value.tv_usec = 0;
    TRY(setitimer(ITIMER_REAL, &timer, &old));
    say("was running: %d", old.it_value.tv_usec > 0);
    TRY(getitimer(ITIMER_REAL, &old));
    say("stopped: %d", old.it_value.tv_usec == 0);
    timer = (struct itimerval){{0, 0}, {0, 10000}};
    count = 0;
    TRY(setitimer(ITIMER_REAL, &timer, NULL));
    while (count < 1)
        pause();
    TRY(getitimer(ITIMER_REAL, &old));
    say("once: %d", old.it_value.tv_usec == 0);
    timer.it_value.tv_usec = 2000000;
    TRY(setitimer(ITIMER_REAL, &timer, NULL));
    charged(ITIMER_VIRTUAL, SIGVTALRM);
    charged(ITIMER_PROF, SIGPROF);
    TRY(setitimer(77, &timer, NULL));
    TRY(getitimer(77, &timer));
    return 0;
}
