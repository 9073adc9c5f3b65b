/* Who computes but sleeps over each tick gets no more than its half beside one
 * who only computes, where shares or levels are promised. Time
 * counts instructions here: a busy host takes none from either of them. */
/* time: instructions */
/* only: spindle */
#include "say.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <time.h>

enum { BUSY = 900000 /* of each tick's million nanoseconds */ };
enum { MICROSECONDS = 500000, FAIR = 55 };

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Both count the same work. */
static pid_t worker_start(volatile unsigned *work, int cheats)
{
    struct timespec moment = {.tv_nsec = 1000};
    pid_t pid = MUST(fork());

    if (pid != 0)
        return pid;
    for (;;) {
        for (long long start = now(); now() - start < BUSY;)
            ++*work;
        if (cheats)
            nanosleep(&moment, NULL);
    }
}

static int share_of_cheat(const char *policy)
{
    volatile unsigned *work = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int fd = MUST(open("/proc/scheduler", O_WRONLY));
    pid_t honest, cheat;

    MUST(write(fd, policy, strlen(policy)));
    close(fd);
    honest = worker_start(&work[0], 0);
    cheat = worker_start(&work[1], 1);
    usleep(MICROSECONDS);
    kill(honest, SIGKILL);
    kill(cheat, SIGKILL);
    MUST(waitpid(honest, NULL, 0));
    MUST(waitpid(cheat, NULL, 0));
    return (int)(100LL * work[1] / (work[0] + work[1]));
}

int main(void)
{
    static const char *const policies[] = {"mlfq", "stride", "fair", "rr"};
    unsigned long first = 1;
    int share, wrong = 0;

    MUST(sched_setaffinity(0, sizeof first, (const cpu_set_t *)&first));
    for (size_t i = 0; i < COUNT(policies); i++) {
        share = share_of_cheat(policies[i]);
        if (share > FAIR)
            say("%s: the cheat has %d %%", policies[i], share);
        wrong += share > FAIR;
    }
    say(wrong == 0 ? "pass" : "fail");
    return wrong != 0;
}
