/* A handler runs once for each signal and the program goes on as before. */
#include "say.h"

static volatile int count, last, nested;

static void on_signal(int number)
{
    count++;
    last = number;
}

static void outer(int number)
{
    (void)number;
    nested = 1;
    raise(SIGUSR2);
    nested = nested * 10 + 3;
}

static void inner(int number)
{
    (void)number;
    nested = nested * 10 + 2;
}

int main(void)
{
    struct sigaction old;

    TRY(signal(SIGUSR1, on_signal) == SIG_DFL);
    TRY(raise(SIGUSR1));
    say("count %d, last %s", count, signal_name(last));
    for (int i = 0; i < 1000; i++)
        kill(getpid(), SIGUSR1);
    say("count %d", count);
    handler_set(SIGUSR1, outer, 0);
    handler_set(SIGUSR2, inner, 0);
    raise(SIGUSR1);
    say("nested %d", nested);
    MUST(sigaction(SIGUSR1, NULL, &old));
    say("asked: %d", old.sa_handler == outer);
    signal(SIGUSR1, SIG_IGN);
    TRY(raise(SIGUSR1));
    TRY(sigaction(SIGKILL, &old, NULL));
    TRY(sigaction(SIGSTOP, &old, NULL));
    TRY(sigaction(SIGKILL, NULL, &old));
    TRY(sigaction(0, &old, NULL));
    TRY(sigaction(65, &old, NULL));
    say("count %d", count);
    return 0;
}
