/* SIGCHLD: handled, ignored (then nobody becomes a zombie), or blocked. */
#include "say.h"

static volatile int count;

static void on_child(int number)
{
    (void)number;
    count++;
}

static void child_start(void)
{
    if (MUST(fork()) == 0)
        _exit(1);
}

int main(void)
{
    struct sigaction stops = {.sa_handler = on_child,
                              .sa_flags = SA_NOCLDSTOP | SA_RESTART};
    int status;
    pid_t pid;

    handler_set(SIGCHLD, on_child, SA_RESTART);
    child_start();
    TRY(wait(&status) > 0);
    say("count %d", count);
    signal(SIGCHLD, SIG_IGN);
    for (int i = 0; i < 20; i++)
        child_start();
    TRY(wait(&status));
    signal(SIGCHLD, SIG_DFL);
    child_start();
    TRY(wait(&status) > 0);
    handler_set(SIGCHLD, on_child, SA_NOCLDWAIT);
    child_start();
    while (wait(&status) >= 0 || errno == EINTR)
        continue;
    say("no zombie: %s, told nevertheless: %d", error_name(errno), count >= 2);
    count = 0;
    MUST(sigaction(SIGCHLD, &stops, NULL));
    pid = MUST(fork());
    while (pid == 0)
        pause();
    kill(pid, SIGSTOP);
    TRY(waitpid(pid, &status, WUNTRACED) == pid);
    say("not told of a stop: %d", count);
    kill(pid, SIGKILL);
    TRY(waitpid(pid, &status, 0) == pid);
    say("told of the end: %d", count);
    return 0;
}
