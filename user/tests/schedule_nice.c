/* Under the policies that share by parts, nice values that others set decide
 * how much of a CPU two busy programs get. */
/* time: instructions */
/* only: spindle */
/* timeout: 120 */
#include "say.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>

enum { SECONDS = 3, NICE = 5, TOLERANCE = 3 /* percent of its part */ };

static pid_t loop_start(int nice)
{
    pid_t pid = MUST(fork());

    if (pid == 0)
        for (;;)
            continue;
    MUST(setpriority(PRIO_PROCESS, (id_t)pid, nice));
    return pid;
}

/* In milliseconds of user code. */
static long loop_end(pid_t pid)
{
    struct rusage usage;

    MUST(kill(pid, SIGKILL));
    MUST(wait4(pid, NULL, 0, &usage));
    return usage.ru_utime.tv_sec * 1000L + usage.ru_utime.tv_usec / 1000;
}

/* A step counts a quarter more or less: five make a part of 1 in 1 + 1.25^5. */
static int shares_are_wrong(const char *policy)
{
    const double wanted = 100 / (1 + 1.25 * 1.25 * 1.25 * 1.25 * 1.25);
    int fd = MUST(open("/proc/scheduler", O_WRONLY));

    MUST(write(fd, policy, strlen(policy)));
    close(fd);
    pid_t first = loop_start(0), second = loop_start(NICE);
    sleep(SECONDS);
    long more = loop_end(first), less = loop_end(second);
    double part = 100.0 * (double)less / (double)(more + less);
    int wrong = part < wanted * (100 - TOLERANCE) / 100 ||
                part > wanted * (100 + TOLERANCE) / 100;

    if (wrong)
        say("%s: wanted %.1f %%, got %.1f", policy, wanted, part);
    return wrong;
}

int main(void)
{
    unsigned long first = 1;

    MUST(sched_setaffinity(0, sizeof first, (const cpu_set_t *)&first));
    int wrong = shares_are_wrong("stride") + shares_are_wrong("fair");
    say(wrong ? "fail" : "pass");
    return wrong != 0;
}
