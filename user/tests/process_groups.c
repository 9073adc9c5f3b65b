/* Process groups and sessions: who may move where, and who hears a kill. */
#include "say.h"

static pid_t sleeper_start(pid_t group)
{
    pid_t pid = MUST(fork());

    if (pid == 0)
        for (;;)
            pause();
    MUST(setpgid(pid, group));
    return pid;
}

static void session(void)
{
    TRY(setsid() == getpid());
    say("leader of all: %d", getpgrp() == getpid() && getsid(0) == getpid());
    TRY(setsid());
    TRY(setpgid(0, 0));
}

int main(void)
{
    pid_t one = sleeper_start(0), two = sleeper_start(one), three;
    int status;

    say("same group: %d", getpgid(two) == one && getpgid(one) == one);
    say("same session: %d", getsid(two) == getsid(0));
    TRY(setpgid(two, 999999));
    TRY(setpgid(1, 0));
    TRY(setpgid(two, -1));
    TRY(getpgid(999999));
    TRY(kill(-one, 0));
    TRY(kill(-one, SIGTERM));
    for (int i = 0; i < 2; i++) {
        MUST(waitpid(-one, &status, 0));
        say_status("member", status);
    }
    TRY(kill(-one, SIGTERM));
    TRY(waitpid(-one, &status, 0));
    three = sleeper_start(0);
    TRY(setpgid(three, getpgrp()));
    say("back: %d", getpgid(three) == getpgrp());
    TRY(kill(three, SIGKILL));
    MUST(waitpid(three, &status, 0));
    child_run("session leader", session);
    return 0;
}
