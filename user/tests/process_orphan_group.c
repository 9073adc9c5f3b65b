/* A group of which one process is stopped when its last link to the session
 * ends is hung up and goes on: POSIX, _exit(). One with another link stays. */
#include "say.h"

static int report[2], go[2];

static void tell(int number)
{
    MUST(write(report[1], number == SIGHUP ? "H" : "C", 1));
}

static void stops(void)
{
    signal(SIGHUP, tell);
    signal(SIGCONT, tell);
    raise(SIGSTOP);
    MUST(write(report[1], "E", 1));
    _exit(0);
}

/* In `group`, or in one of its own (0), with the process of that number. */
static pid_t child_in(pid_t group, void (*work)(void))
{
    pid_t pid = MUST(fork());

    if (pid == 0) {
        MUST(setpgid(0, group));
        work();
    }
    setpgid(pid, group ? group : pid);
    return pid;
}

static pid_t stopped_in(pid_t group)
{
    pid_t pid = child_in(group, stops);

    MUST(waitpid(pid, NULL, WUNTRACED));
    return pid;
}

/* The link is the parent of the stopped one, in another group than it. */
static void has_stopped_child(void)
{
    stopped_in(0);
    _exit(0);
}

/* The link is in the group itself: its parent is outside. */
static void has_stopped_sibling(void)
{
    stopped_in(getpgrp());
    _exit(0);
}

static void waits(void)
{
    char byte;

    MUST(read(go[0], &byte, 1));
    _exit(0);
}

static void heard(const char *of)
{
    char bytes[8] = "";
    int count = 0;

    close(report[1]);
    while (count < 7 && read(report[0], bytes + count, 1) == 1)
        count++;
    close(report[0]);
    say("%s: %s", of, bytes);
}

static void end_of(void (*work)(void), const char *of)
{
    MUST(pipe(report));
    MUST(waitpid(child_in(0, work), NULL, 0));
    heard(of);
}

/* One link ends, and nothing happens; then the other. */
static void end_of_second(void)
{
    pid_t first, second;

    MUST(pipe(report));
    MUST(pipe(go));
    first = child_in(0, waits);
    second = child_in(first, has_stopped_sibling);
    MUST(waitpid(second, NULL, 0));
    say("while there is another link: %d", waitpid(first, NULL, WNOHANG));
    MUST(write(go[1], "x", 1));
    MUST(waitpid(first, NULL, 0));
    heard("the other link ends");
}

int main(void)
{
    alarm(10);
    end_of(has_stopped_child, "parent ends");
    end_of(has_stopped_sibling, "link in the group ends");
    end_of_second();
    return 0;
}
