/* Alarms ring once, interval timers again and again, and both tell the rest.*/
#include "say.h"

#include <sys/time.h>

static volatile int count;

static void on_signal(int number)
{
    (void)number;
    count++;
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
    TRY(setitimer(77, &timer, NULL));
    TRY(getitimer(77, &timer));
    return 0;
}
