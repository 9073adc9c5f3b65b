/* Writing where nobody reads is SIGPIPE, or EPIPE if that is ignored. */
#include "say.h"

#include <sys/ioctl.h>

static int ends[2];
static volatile int caught;

static void on_pipe(int number)
{
    caught = number;
}

static void write_unhandled(void)
{
    MUST(write(ends[1], "x", 1));
}

static void on_pipe_info(int number, siginfo_t *info, void *context)
{
    (void)context;
    caught = number;
    say("told of %s, from itself: %d %d", signal_name(number),
        info->si_code == SI_USER, info->si_pid == getpid());
}

/* Sleeps in write() until its parent, the last reader, closes: what went in
 * counts, and the signal comes all the same. */
static void write_blocked(void)
{
    static char bytes[100000];
    struct sigaction action = {.sa_sigaction = on_pipe_info,
                               .sa_flags = SA_SIGINFO};

    close(ends[0]);
    MUST(sigaction(SIGPIPE, &action, NULL));
    caught = 0;
    TRY(write(ends[1], bytes, sizeof bytes));
    say("caught %s", signal_name(caught));
    TRY(write(ends[1], "x", 1));
    signal(SIGPIPE, SIG_DFL);
    MUST(write(ends[1], "x", 1));
}

int main(void)
{
    int status, queued = 0;
    pid_t pid;

    MUST(pipe(ends));
    close(ends[0]);
    child_run("writer", write_unhandled);
    handler_set(SIGPIPE, on_pipe, 0);
    TRY(write(ends[1], "x", 1));
    say("caught %s", signal_name(caught));
    signal(SIGPIPE, SIG_IGN);
    TRY(write(ends[1], "x", 1));
    TRY(write(ends[1], "x", 0));
    close(ends[1]);
    MUST(pipe(ends));
    pid = MUST(fork());
    if (pid == 0) {
        write_blocked();
        _exit(0);
    }
    close(ends[1]);
    while (queued < 65536)
        MUST(ioctl(ends[0], FIONREAD, &queued));
    close(ends[0]);
    MUST(waitpid(pid, &status, 0));
    say_status("blocked writer", status);
    return 0;
}
