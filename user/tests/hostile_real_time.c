/* Who is more urgent than all and wants a page when memory is out lets the one
 * run that has to go for it, be it on the same CPU. */
/* only: spindle */
/* timeout: 60 */
/* mem: 64 */
#include "say.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>

enum { LARGER = 60, SMALLER = 50 }; /* percent of what is free at first */

static void eat(size_t bytes)
{
    char *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (map == MAP_FAILED)
        _exit(7);
    for (size_t i = 0; i < bytes; i += 4096)
        map[i] = 1;
}

int main(void)
{
    struct sched_param urgent = {.sched_priority = 50};
    unsigned long first = 1;
    struct sysinfo memory;
    int status, ends[2];
    char byte = 0;

    MUST(sched_setaffinity(0, sizeof first, (const cpu_set_t *)&first));
    MUST(sysinfo(&memory));
    size_t percent = memory.freeram / 100 * memory.mem_unit;
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
