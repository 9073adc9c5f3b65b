/* A task runs on the CPUs of its mask only, which its children inherit. */
#include "say.h"

#include <sched.h>
#include <sys/syscall.h>

static cpu_set_t all;

static int cpu_now(void)
{
    unsigned cpu = 99;

    MUST(syscall(SYS_getcpu, &cpu, NULL, NULL));
    return (int)cpu;
}

static cpu_set_t only(int cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return set;
}

/* Busy for a while, so that the scheduler has a reason to move it. */
static int stays_on(int cpu)
{
    for (volatile int i = 0; i < 300000; i++)
        if (i % 1000 == 0 && cpu_now() != cpu)
            return 0;
    return 1;
}

static int last_cpu;

static void inherit(void)
{
    cpu_set_t mine;

    MUST(sched_getaffinity(0, sizeof mine, &mine));
    say("inherited: %d, stays: %d", CPU_COUNT(&mine) == 1, stays_on(last_cpu));
}

static void each_in_turn(void)
{
    int wrong = 0;

    for (int cpu = 0; cpu < 32; cpu++) {
        cpu_set_t one = only(cpu), now;

        if (!CPU_ISSET(cpu, &all))
            continue;
        MUST(sched_setaffinity(0, sizeof one, &one));
        wrong += cpu_now() != cpu;
        MUST(sched_getaffinity(0, sizeof now, &now));
        wrong += !CPU_EQUAL(&one, &now);
        wrong += !stays_on(cpu);
        last_cpu = cpu;
    }
    say("wrong: %d", wrong);
}

/* Moves a child that runs, back and forth. */
static void move_other(void)
{
    int ends[2], first = 0, wrong = 0;
    cpu_set_t set;
    char byte;
    pid_t pid;

    while (!CPU_ISSET(first, &all))
        first++;
    MUST(pipe(ends));
    pid = MUST(fork());
    if (pid == 0) {
        close(ends[1]);
        while (read(ends[0], &byte, 1) == 1)
            wrong += !stays_on(byte);
        _exit(wrong);
    }
    close(ends[0]);
    for (int i = 0; i < 6; i++) {
        byte = i % 2 ? first : last_cpu;
        set = only(byte);
        MUST(sched_setaffinity(pid, sizeof set, &set));
        MUST(write(ends[1], &byte, 1));
        usleep(200000);
    }
    close(ends[1]);
    MUST(wait(&wrong));
    say_status("moved child", wrong);
    TRY(sched_setaffinity(pid, sizeof set, &set));
}

static void other_user(void)
{
    MUST(seteuid(12345));
    TRY(sched_setaffinity(getppid(), sizeof all, &all));
    TRY(sched_setaffinity(0, sizeof all, &all));
}

int main(void)
{
    static const unsigned none = 0, beyond = 1u << 31;
    unsigned word;
    char line[256];
    int listed = 0;
    FILE *file;

    MUST(sched_getaffinity(0, sizeof all, &all));
    say("count: %d", sysconf(_SC_NPROCESSORS_ONLN) == CPU_COUNT(&all));
    file = fopen("/proc/cpuinfo", "r");
    while (fgets(line, sizeof line, file))
        listed += strncmp(line, "processor", 9) == 0;
    fclose(file);
    say("listed: %d", listed >= CPU_COUNT(&all));
    TRY(syscall(SYS_sched_setaffinity, 0, 4, &none));
    TRY(syscall(SYS_sched_setaffinity, 0, 0, &word));
    TRY(syscall(SYS_sched_setaffinity, 0, 4, &beyond));
    TRY(syscall(SYS_sched_setaffinity, 0, 4, (void *)16));
    TRY(syscall(SYS_sched_setaffinity, 999999, 4, &none));
    TRY(syscall(SYS_sched_getaffinity, 999999, 4, &word));
    TRY(syscall(SYS_sched_getaffinity, 0, 3, &word));
    TRY(syscall(SYS_sched_getaffinity, 0, 0, &word));
    TRY(syscall(SYS_sched_getaffinity, 0, 4, (void *)16));
    TRY(syscall(SYS_getcpu, (void *)16, NULL, NULL));
    TRY(syscall(SYS_getcpu, NULL, &word, NULL));
    each_in_turn();
    child_run("child", inherit);
    child_run("other user", other_user);
    move_other();
    TRY(sched_setaffinity(0, sizeof all, &all));
    return 0;
}
