/* SA_ONSTACK handlers run on the other stack, all others on the usual one. */
#include "say.h"

static char other[32768];
static volatile int depth;

static int on_other(const void *place)
{
    return (const char *)place >= other &&
           (const char *)place < other + sizeof other;
}

static void on_signal(int number)
{
    stack_t stack;
    char here;

    MUST(sigaltstack(NULL, &stack));
    say("%s: on the other stack %d, flag says %d", signal_name(number),
        on_other(&here), stack.ss_flags);
    if (depth++ == 0) {
        TRY(sigaltstack(&stack, NULL));
        raise(SIGUSR2);
    }
}

int main(void)
{
    stack_t stack = {.ss_sp = other, .ss_size = sizeof other}, old;

    TRY(sigaltstack(NULL, &old));
    say("none at first: %d", old.ss_flags == SS_DISABLE);
    TRY(sigaltstack(&stack, &old));
    TRY(sigaltstack(NULL, &old));
    say("as given: %d",
        old.ss_sp == other && old.ss_size == sizeof other && old.ss_flags == 0);
    handler_set(SIGUSR1, on_signal, SA_ONSTACK);
    handler_set(SIGUSR2, on_signal, SA_ONSTACK);
    handler_set(SIGHUP, on_signal, 0);
    raise(SIGUSR1);
    raise(SIGHUP);
    stack.ss_size = 100;
    TRY(sigaltstack(&stack, NULL));
    stack.ss_flags = 77;
    TRY(sigaltstack(&stack, NULL));
    stack.ss_flags = SS_DISABLE;
    TRY(sigaltstack(&stack, NULL));
    raise(SIGUSR2);
    return 0;
}
