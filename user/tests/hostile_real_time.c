/* Who is more urgent than all and wants a page when memory is out lets the one
 * run that has to go for it, be it on the same CPU. */
/* only: spindle */
/* timeout: 60 */
/* mem: 64 */
#include "eat.h"

#include <sched.h>
#include <sys/syscall.h>

enum { LARGER = 60, SMALLER = 50 }; /* percent of what is free at first */

int main(void)
{
    struct sched_param urgent = {.sched_priority = 50};
    unsigned long first = 1;
    int status, ends[2];
    char byte = 0;

    MUST(sched_setaffinity(0, sizeof first, (const cpu_set_t *)&first));
    size_t percent = free_percent();
    MUST(pipe(ends));
    pid_t pid = MUST(fork());
    if (pid == 0) {
        eat(LARGER * percent);
        MUST(write(ends[1], &byte, 1));
        for (;;)
            pause();
    }
    MUST(read(ends[0], &byte, 1));
    MUST((int)syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &urgent));
    eat(SMALLER * percent);
    MUST(waitpid(pid, &status, 0));
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        say("the larger one ended with status %#x", status);
    else
        say("pass");
    return 0;
}
