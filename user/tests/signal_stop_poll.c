/* Who is stopped and goes on waits no longer in all than was asked for. */
/* time: instructions */
#include "say.h"

#include <poll.h>
#include <time.h>

enum { ALL = 1000, STOPPED_AT = 600, TOO_LONG = 1400 };

static void wait_all(void)
{
    int took;
    struct timespec start, now;

    MUST(clock_gettime(CLOCK_MONOTONIC, &start));
    TRY(poll(NULL, 0, ALL));
    MUST(clock_gettime(CLOCK_MONOTONIC, &now));
    took = (now.tv_sec - start.tv_sec) * 1000 +
           (now.tv_nsec - start.tv_nsec) / 1000000;
    say("it was %s", took < ALL - 1    ? "too short"
                     : took > TOO_LONG ? "too long"
                                       : "right");
    _exit(0);
}

int main(void)
{
    int status;
    pid_t pid = MUST(fork());

    if (pid == 0)
        wait_all();
    usleep(STOPPED_AT * 1000);
    MUST(kill(pid, SIGSTOP));
    MUST(waitpid(pid, &status, WUNTRACED));
    say_status("the child", status);
    MUST(kill(pid, SIGCONT));
    MUST(waitpid(pid, &status, 0));
    say_status("the child", status);
    return 0;
}
