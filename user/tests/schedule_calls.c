/* The sched_* calls set and tell what they say they do, refuse what they must,
 * and let nobody but root have more than the limits allow. */
#include "say.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#define NOBODY                 65534
#define RESET_ON_FORK          0x40000000 /* SCHED_RESET_ON_FORK */
#define RR_GET_INTERVAL_TIME64 423
#define BATCH                  3
#define IDLE                   5
#define DEADLINE               6

/* Not the C library's: musl refuses them all. */
static long set(int pid, int policy, int priority)
{
    return syscall(SYS_sched_setscheduler, pid, policy, &priority);
}

static long set_priority(int pid, int priority)
{
    return syscall(SYS_sched_setparam, pid, &priority);
}

static long get(int pid)
{
    return syscall(SYS_sched_getscheduler, pid);
}

static long get_priority(int pid)
{
    int priority = -7;

    return syscall(SYS_sched_getparam, pid, &priority) < 0 ? -1 : priority;
}

/* Policy, priority, and what /proc says: priority nice rt_priority policy. */
static void tell(const char *when)
{
    char line[512];
    int priority, nice, real_time, policy;
    FILE *file = fopen("/proc/self/stat", "r");
    const char *fields = strrchr(fgets(line, sizeof line, file), ')');

    sscanf(fields + 2,
           "%*c %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %d %d "
           "%*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d "
           "%*d %*d %*d %*d %d %d",
           &priority, &nice, &real_time, &policy);
    fclose(file);
    say("%s: %lx %ld, in /proc: %d %d %d %d", when, get(0), get_priority(0),
        priority, nice, real_time, policy);
}

/* How long a quantum is differs; whether there is one does not. */
static void tell_interval(const char *when, int pid)
{
    int narrow[2] = {-1, -1};
    int64_t wide[2] = {-1, -1};

    if (syscall(SYS_sched_rr_get_interval, pid, narrow) < 0) {
        say("interval, %s: %s", when, error_name(errno));
        return;
    }
    TRY(syscall(RR_GET_INTERVAL_TIME64, pid, wide));
    say("interval, %s: %s, the same in both forms: %d", when,
        narrow[1] > 0 ? "some" : "none",
        wide[0] == narrow[0] && wide[1] == narrow[1]);
}

/* ---- limits of what is accepted ---- */

static void limits(void)
{
    static const int policies[] = {0, 1, 2, BATCH, 4, IDLE, DEADLINE, 7, -1};

    for (size_t i = 0; i < COUNT(policies); i++) {
        say("policy %d", policies[i]);
        TRY(syscall(SYS_sched_get_priority_max, policies[i]));
        TRY(syscall(SYS_sched_get_priority_min, policies[i]));
    }
}

static void refusals(void)
{
    TRY(set(0, SCHED_OTHER, 1));
    TRY(set(0, SCHED_FIFO, 0));
    TRY(set(0, SCHED_FIFO, 100));
    TRY(set(0, SCHED_RR, -1));
    TRY(set(0, 4, 0));
    TRY(set(0, DEADLINE, 0));
    TRY(set(0, 256, 0));
    TRY(set(0, -1, 0));
    TRY(set(0, 0x20000000, 0));
    TRY(set(-1, SCHED_OTHER, 0));
    TRY(set(999999, SCHED_OTHER, 0));
    TRY(set(999999, 77, 0));
    TRY(set_priority(0, 1));
    TRY(set_priority(0, 0));
    TRY(set_priority(-1, 0));
    TRY(set_priority(999999, 0));
    TRY(get(-1));
    TRY(get(999999));
    TRY(get_priority(-1));
    TRY(get_priority(999999));
    TRY(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, NULL));
    TRY(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, (void *)16));
    TRY(syscall(SYS_sched_setscheduler, 999999, SCHED_FIFO, (void *)16));
    TRY(syscall(SYS_sched_getparam, 0, NULL));
    TRY(syscall(SYS_sched_getparam, 0, (void *)16));
    TRY(syscall(SYS_sched_setparam, 0, NULL));
    TRY(syscall(SYS_sched_rr_get_interval, 0, (void *)16));
    tell_interval("of -1", -1);
    tell_interval("of nobody", 999999);
    tell("nothing has changed");
}

/* ---- each policy ---- */

static void child_tells(void)
{
    tell("child");
}

static void policies(void)
{
    TRY(set(0, SCHED_FIFO, 99));
    tell("FIFO");
    tell_interval("FIFO", 0);
    TRY(set_priority(0, 1));
    tell("lower");
    TRY(set_priority(0, 0));
    TRY(set_priority(0, 100));
    TRY(setpriority(PRIO_PROCESS, 0, 7));
    tell("with a nice value");
    child_run("heir", child_tells);
    TRY(set(getpid(), SCHED_RR, 42));
    tell("RR");
    tell_interval("RR", 0);
    child_run("heir", child_tells);
    TRY(sched_yield());
    TRY(set(0, SCHED_RR | RESET_ON_FORK, 42));
    tell("RR, reset on fork");
    child_run("no heir", child_tells);
    TRY(set_priority(0, 43));
    tell("still");
    TRY(set(0, BATCH, 0));
    tell("BATCH");
    child_run("heir", child_tells);
    TRY(set(0, IDLE, 0));
    say("IDLE: %ld", get(0));
    TRY(set(0, SCHED_OTHER, 0));
    tell("OTHER");
    TRY(set(0, SCHED_OTHER | RESET_ON_FORK, 0));
    TRY(setpriority(PRIO_PROCESS, 0, -7));
    child_run("not so nice", child_tells);
    TRY(set(0, SCHED_OTHER, 0));
    TRY(setpriority(PRIO_PROCESS, 0, 0));
}

/* ---- of another, and kept over exec ---- */

static void other(void)
{
    int ends[2], status;
    pid_t pid;

    MUST(pipe(ends));
    pid = MUST(fork());
    if (pid == 0) {
        char byte;
        close(ends[1]);
        if (read(ends[0], &byte, 1) == 0)
            execl(self_path(), self_path(), "executed", NULL);
        _exit(9);
    }
    close(ends[0]);
    TRY(set(pid, SCHED_FIFO, 5));
    say("its policy: %ld %ld, mine: %ld", get(pid), get_priority(pid), get(0));
    close(ends[1]);
    MUST(waitpid(pid, &status, 0));
    say_status("it", status);
    TRY(set(pid, SCHED_FIFO, 5));
}

/* ---- without privilege ---- */

static void limit(int resource, int value)
{
    MUST(setrlimit(resource, &(struct rlimit){value, value}));
}

static void as_nobody(void)
{
    MUST(setuid(NOBODY));
    TRY(set(getppid(), SCHED_OTHER, 0));
    say("its parent's policy: %ld", get(getppid()));
    TRY(set(0, SCHED_OTHER, 0));
    TRY(set(0, BATCH, 0));
    TRY(set(0, SCHED_FIFO, 1));
    TRY(set(0, SCHED_RR, 100));
    TRY(set(0, SCHED_OTHER | RESET_ON_FORK, 0));
    TRY(set(0, SCHED_OTHER, 0));
    TRY(set(0, IDLE | RESET_ON_FORK, 0));
    TRY(set(0, SCHED_OTHER | RESET_ON_FORK, 0));
}

static void with_limits(void)
{
    limit(RLIMIT_RTPRIO, 10);
    limit(RLIMIT_NICE, 20);
    MUST(setuid(NOBODY));
    TRY(set(0, SCHED_FIFO, 11));
    TRY(set(0, SCHED_FIFO, 10));
    TRY(set_priority(0, 11));
    TRY(set_priority(0, 3));
    TRY(set_priority(0, 10));
    TRY(set(0, IDLE, 0));
    TRY(set(0, SCHED_OTHER, 0));
}

static void above_limits(void)
{
    MUST(set(0, SCHED_RR, 30));
    limit(RLIMIT_RTPRIO, 0);
    MUST(setuid(NOBODY));
    TRY(set_priority(0, 31));
    TRY(set_priority(0, 30));
    TRY(set_priority(0, 29));
    TRY(set_priority(0, 30));
    TRY(set(0, SCHED_FIFO, 1));
    TRY(set(0, SCHED_OTHER, 0));
    TRY(set(0, SCHED_RR, 1));
}

int main(int count, char **arguments)
{
    if (count > 1) {
        tell(arguments[1]);
        return 3;
    }
    tell("at the start");
    limits();
    refusals();
    policies();
    other();
    child_run("nobody", as_nobody);
    child_run("limited", with_limits);
    child_run("above", above_limits);
    return 0;
}
