/* Nice values belong to threads: nice, getpriority and setpriority change and
 * tell them one by one, by group, and by user; children inherit them. */
#include "thread.h"

#include <pthread.h>
#include <sys/resource.h>

#define NOBODY 65534
#define OTHERS 3

/* As the kernel answers: 20 - nice. */
static long raw(int which, int who)
{
    return syscall(SYS_getpriority, which, who);
}

static int mine(void)
{
    return 20 - (int)raw(PRIO_PROCESS, 0);
}

static void one(void)
{
    say("at the start: %d", mine());
    TRY(syscall(SYS_nice, 3));
    TRY(syscall(SYS_nice, 0));
    say("then: %d", mine());
    TRY(syscall(SYS_nice, 100));
    say("the most: %d", mine());
    TRY(syscall(SYS_nice, -1000));
    say("the least: %d", mine());
    TRY(setpriority(PRIO_PROCESS, 0, 77));
    say("77: %d", mine());
    TRY(setpriority(PRIO_PROCESS, getpid(), -77));
    say("-77: %d", mine());
    TRY(raw(PRIO_PROCESS, 0));
    TRY(raw(PRIO_PROCESS, 999999));
    TRY(raw(PRIO_PROCESS, -1));
    TRY(raw(3, 0));
    TRY(raw(-1, 0));
    TRY(setpriority(PRIO_PROCESS, 999999, 0));
    TRY(setpriority(PRIO_PGRP, 999999, 0));
    TRY(setpriority(PRIO_USER, 999999, 0));
    TRY(raw(PRIO_PGRP, 999999));
    TRY(raw(PRIO_USER, 999999));
    TRY(setpriority(3, 0, 0));
    TRY(setpriority(PRIO_PROCESS, 0, 0));
}

/* ---- inheritance ---- */

static void child_says(void)
{
    say("child: %d", mine());
    MUST(setpriority(PRIO_PROCESS, 0, 12));
}

static void *thread_says(void *argument)
{
    say("thread: %d", mine());
    MUST(setpriority(PRIO_PROCESS, 0, 9));
    say("thread, changed: %d", mine());
    return argument;
}

static void inherited(void)
{
    pthread_t thread;

    MUST(setpriority(PRIO_PROCESS, 0, 5));
    child_run("child", child_says);
    say("mine: %d", mine());
    pthread_create(&thread, NULL, thread_says, NULL);
    pthread_join(thread, NULL);
    say("mine: %d", mine());
}

/* ---- many ---- */

static int ends[2];

static pid_t sleeper(uid_t user)
{
    int ready[2];
    char byte;
    pid_t pid;

    MUST(pipe(ready));
    pid = MUST(fork());
    if (pid == 0) {
        close(ends[1]);
        MUST(setuid(user));
        close(ready[1]);
        close(ready[0]);
        _exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(ready[1]);
    MUST(read(ready[0], &byte, 1));
    close(ready[0]);
    return pid;
}

static void say_all(const char *when, const pid_t *pids)
{
    say("%s: %ld %ld %ld, mine %ld", when, 20 - raw(PRIO_PROCESS, pids[0]),
        20 - raw(PRIO_PROCESS, pids[1]), 20 - raw(PRIO_PROCESS, pids[2]),
        20 - raw(PRIO_PROCESS, 0));
}

static void many(void)
{
    pid_t pids[OTHERS];

    MUST(pipe(ends));
    pids[0] = sleeper(0);
    pids[1] = sleeper(12345);
    pids[2] = sleeper(12345);
    MUST(setpgid(pids[0], pids[0]));
    MUST(setpgid(pids[1], pids[0]));
    say_all("before", pids);
    TRY(setpriority(PRIO_PGRP, pids[0], 8));
    say_all("the group", pids);
    TRY(setpriority(PRIO_PROCESS, pids[1], 3));
    say("the best of it: %ld", 20 - raw(PRIO_PGRP, pids[0]));
    TRY(setpriority(PRIO_USER, 12345, 11));
    say_all("the user", pids);
    MUST(setpriority(PRIO_PROCESS, pids[2], 10));
    say("the best of it: %ld", 20 - raw(PRIO_USER, 12345));
    TRY(setpriority(PRIO_PGRP, 0, 6));
    say_all("my group", pids);
    close(ends[1]);
    for (int i = 0; i < OTHERS; i++)
        MUST(waitpid(pids[i], NULL, 0));
    TRY(raw(PRIO_USER, 12345));
}

/* ---- without privilege ---- */

static void as_nobody(void)
{
    MUST(setuid(NOBODY));
    TRY(setpriority(PRIO_PROCESS, getppid(), 19));
    TRY(setpriority(PRIO_PROCESS, getppid(), -19));
    TRY(raw(PRIO_PROCESS, getppid()) == raw(PRIO_PROCESS, 0));
    TRY(setpriority(PRIO_PROCESS, 0, 7));
    TRY(setpriority(PRIO_PROCESS, 0, 7));
    TRY(setpriority(PRIO_PROCESS, 0, 6));
    TRY(syscall(SYS_nice, -1));
    TRY(syscall(SYS_nice, 1));
    say("then: %d", mine());
    TRY(setpriority(PRIO_USER, 0, 10));
    say("then: %d", mine());
}

static void with_limit(void)
{
    MUST(setrlimit(RLIMIT_NICE, &(struct rlimit){18, 18}));
    MUST(setuid(NOBODY));
    MUST(setpriority(PRIO_PROCESS, 0, 15));
    TRY(setpriority(PRIO_PROCESS, 0, 1));
    TRY(setpriority(PRIO_PROCESS, 0, 2));
    TRY(syscall(SYS_nice, -1));
    say("then: %d", mine());
}

int main(void)
{
    struct rlimit limit;

    MUST(getrlimit(RLIMIT_NICE, &limit));
    say("limit: %d %d", (int)limit.rlim_cur, (int)limit.rlim_max);
    MUST(getrlimit(RLIMIT_RTPRIO, &limit));
    say("limit: %d %d", (int)limit.rlim_cur, (int)limit.rlim_max);
    one();
    inherited();
    many();
    child_run("nobody", as_nobody);
    child_run("limited", with_limit);
    return 0;
}
