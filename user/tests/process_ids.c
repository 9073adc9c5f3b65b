/* Identities are consistent between parent and child, and asked for freely. */
#include "say.h"

#include <sys/syscall.h>

static pid_t parent;

static void child(void)
{
    say("parent is right: %d", getppid() == parent);
    say("a pid of its own: %d", getpid() != parent);
    say("tid is pid: %d", syscall(SYS_gettid) == getpid());
    say("group inherited: %d", getpgrp() == getpgid(parent));
}

int main(void)
{
    uid_t real, effective, saved;

    parent = getpid();
    say("tid is pid: %d", syscall(SYS_gettid) == parent);
    child_run("child", child);
    say("one user: %d", getuid() == geteuid() && getgid() == getegid());
    TRY(getresuid(&real, &effective, &saved));
    say("three times: %d", real == effective && real == saved);
    TRY(setuid(getuid()));
    TRY(setgid(getgid()));
    say("groups are counted: %d", getgroups(0, NULL) >= 0);
    TRY(kill(getpid(), 0));
    TRY(kill(999999, 0));
    TRY(kill(getpid(), 65));
    TRY(kill(getpid(), -1));
    return 0;
}
