/* SA_RESETHAND handles once, SA_NODEFER lets a handler interrupt itself. */
#include "say.h"

static volatile int count, depth;

static void on_signal(int number)
{
    int at = ++depth;

    count++;
    if (count < 3)
        raise(number);
    depth--;
    say("leaving depth %d", at);
}

static void once(int number)
{
    struct sigaction action;

    MUST(sigaction(number, NULL, &action));
    say("once: default inside %d", action.sa_handler == SIG_DFL);
}

static void twice(void)
{
    handler_set(SIGUSR2, once, SA_RESETHAND);
    raise(SIGUSR2);
    raise(SIGUSR2);
}

int main(void)
{
    handler_set(SIGUSR1, on_signal, SA_NODEFER);
    raise(SIGUSR1);
    say("count %d", count);
    count = 0;
    handler_set(SIGUSR1, on_signal, 0);
    raise(SIGUSR1);
    say("count %d", count);
    child_run("twice", twice);
    return 0;
}
