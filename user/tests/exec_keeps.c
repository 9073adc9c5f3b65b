/* Through exec: descriptors, ignored signals, mask and pid stay; handlers go.*/
#include "say.h"

#include <fcntl.h>

static void handler(int number)
{
    (void)number;
}

static const char *action_name(int number)
{
    struct sigaction action;

    MUST(sigaction(number, NULL, &action));
    return action.sa_handler == SIG_DFL   ? "default"
           : action.sa_handler == SIG_IGN ? "ignored"
                                          : "handled";
}

static int after(char **arguments)
{
    sigset_t mask, pending;

    say("same pid: %d", atoi(arguments[1]) == getpid());
    say("kept: %d, closed: %d", fcntl(10, F_GETFD), fcntl(11, F_GETFD));
    say("USR1 %s, USR2 %s, INT %s", action_name(SIGUSR1), action_name(SIGUSR2),
        action_name(SIGINT));
    MUST(sigprocmask(SIG_BLOCK, NULL, &mask));
    MUST(sigpending(&pending));
    say("blocked TERM %d, HUP %d; pending TERM %d", sigismember(&mask, SIGTERM),
        sigismember(&mask, SIGHUP), sigismember(&pending, SIGTERM));
    say("umask %o, alarm is set: %d", umask(0), alarm(0) > 0);
    return 5;
}

static void before(void)
{
    char pid[16];
    sigset_t mask;

    MUST(dup2(0, 10));
    MUST(fcntl(0, F_DUPFD_CLOEXEC, 11));
    signal(SIGUSR1, handler);
    signal(SIGUSR2, SIG_IGN);
    sigemptyset(&mask);
    sigaddset(&mask, SIGTERM);
    MUST(sigprocmask(SIG_BLOCK, &mask, NULL));
    raise(SIGTERM);
    umask(035);
    alarm(1000);
    snprintf(pid, sizeof pid, "%d", getpid());
    execl(self_path(), "after", pid, NULL);
}

int main(int count, char **arguments)
{
    if (count > 1)
        return after(arguments);
    child_run("program", before);
    return 0;
}
