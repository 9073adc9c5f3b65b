/* /proc/scheduler names the policies and the one in force; root changes it by
 * writing a name, whoever runs, waits or ends at that moment. */
/* only: spindle */
#include "say.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define PLACE "/proc/scheduler"

static const char *const names[] = {"rr", "prio", "mlfq", "stride", "fair"};
static int wrong;

static void check(const char *what, int right)
{
    if (!right)
        say("%s is wrong", what);
    wrong += !right;
}

static int put(const char *name)
{
    int fd = open(PLACE, O_WRONLY | O_TRUNC);
    int result = fd < 0                              ? -errno
                 : write(fd, name, strlen(name)) < 0 ? -errno
                                                     : 0;

    close(fd);
    return result;
}

static void names_are_told(void)
{
    char text[128], wanted[128];

    for (size_t i = 0; i < COUNT(names); i++) {
        FILE *file;
        int length = 0;

        check("change", put(names[i]) == 0);
        for (size_t j = 0; j < COUNT(names); j++)
            length += sprintf(wanted + length, i == j ? "%s[%s]" : "%s%s",
                              j ? " " : "", names[j]);
        strcat(wanted, "\n");
        file = fopen(PLACE, "r");
        check("text", file && fgets(text, sizeof text, file) &&
                          strcmp(text, wanted) == 0);
        fclose(file);
    }
}

static void refused(void)
{
    int fd = MUST(open(PLACE, O_RDWR));

    check("unknown", put("cfs") == -EINVAL);
    check("nothing", put("\n") == -EINVAL);
    check("two", put("rr fair") == -EINVAL);
    check("long", put("round robin, please") == -EINVAL);
    check("newline", put("rr\n") == 0);
    check("pointer", write(fd, (void *)16, 4) < 0 && errno == EFAULT);
    MUST(seteuid(65534));
    check("not root", put("fair") == -EACCES);
    check("no more root", write(fd, "fair", 4) < 0 && errno == EPERM);
    MUST(seteuid(0));
    close(fd);
}

/* ---- under load ---- */

/* What each kind of process does, until the pipe is closed. */
static void computes(void)
{
    for (volatile int i = 0; i < 20000; i++)
        ;
}

static void sleeps(void)
{
    usleep(300);
}

static void yields(void)
{
    sched_yield();
}

static void forks(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    waitpid(pid, NULL, 0);
}

static void changes(void)
{
    static int turn;

    setpriority(PRIO_PROCESS, 0, turn++ % 40 - 20);
    syscall(SYS_sched_setscheduler, 0, turn % 3 ? SCHED_OTHER : SCHED_RR,
            &(int){turn % 3 ? 0 : 1 + turn % 99});
    usleep(200);
}

static void (*const kinds[])(void) = {computes, sleeps,  yields,
                                      forks,    changes, computes};

static void work(size_t kind, int fd)
{
    char byte;

    nice((int)kind * 3);
    MUST(fcntl(fd, F_SETFL, O_NONBLOCK));
    while (read(fd, &byte, 1) < 0)
        kinds[kind]();
    _exit(0);
}

static void under_load(void)
{
    int ends[2], status;
    pid_t pids[COUNT(kinds)];

    MUST(pipe2(ends, O_CLOEXEC));
    for (size_t i = 0; i < COUNT(kinds); i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            close(ends[1]);
            work(i, ends[0]);
        }
    }
    syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &(int){99});
    for (int round = 0; round < 60; round++) {
        check("change under load", put(names[round % COUNT(names)]) == 0);
        usleep(3000);
    }
    check("back", put("rr") == 0);
    close(ends[1]);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        MUST(waitpid(pids[i], &status, 0));
        check("end", status == 0);
    }
}

int main(void)
{
    names_are_told();
    refused();
    under_load();
    if (wrong == 0)
        say("pass");
    return wrong != 0;
}
