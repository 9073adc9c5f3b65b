/* A sleeping call is interrupted by a handler, or restarted if that asks. */
#include "say.h"

#include <poll.h>
#include <sys/time.h>
#include <time.h>

static int ends[2];
static volatile int count, last;

/* The last of the calls makes sure that a restarted read comes to an end. */
static void on_alarm(int number)
{
    (void)number;
    if (++count == last)
        MUST(write(ends[1], "x", 1));
}

static void alarm_every(long microseconds)
{
    struct itimerval timer = {{0, microseconds}, {0, microseconds}};

    count = 0;
    MUST(setitimer(ITIMER_REAL, &timer, NULL));
}

int main(void)
{
    struct timespec long_time = {1000, 0}, left = {0};
    char byte;
    pid_t pid;

    MUST(pipe(ends));
    handler_set(SIGALRM, on_alarm, 0);
    alarm_every(10000);
    TRY(read(ends[0], &byte, 1));
    TRY(poll(&(struct pollfd){ends[0], POLLIN, 0}, 1, -1) != 0);
    alarm_every(0);
    handler_set(SIGALRM, on_alarm, SA_RESTART);
    last = 3;
    alarm_every(10000);
    TRY(read(ends[0], &byte, 1));
    say("handled three times: %d", count >= 3);
    TRY(nanosleep(&long_time, &left));
    say("nearly all is left: %d", left.tv_sec > 990 && left.tv_sec <= 1000);
    TRY(pause());
    pid = MUST(fork());
    while (pid == 0)
        pause();
    handler_set(SIGALRM, on_alarm, 0);
    TRY(waitpid(pid, NULL, 0));
    alarm_every(0);
    MUST(kill(pid, SIGKILL));
    TRY(waitpid(pid, NULL, 0) == pid);
    return 0;
}
