/* A blocked signal waits, once each; then handlers run as it is unblocked. */
#include "say.h"

static char order[64];

static void on_signal(int number)
{
    strcat(order, number == SIGUSR1 ? "1" : number == SIGUSR2 ? "2" : "?");
}

static void masking(int number)
{
    sigset_t mask;

    MUST(sigprocmask(SIG_BLOCK, NULL, &mask));
    say("in the handler: own %d, added %d, other %d",
        sigismember(&mask, number), sigismember(&mask, SIGHUP),
        sigismember(&mask, SIGTERM));
}

int main(void)
{
    struct sigaction action = {.sa_handler = masking};
    sigset_t both, old, pending;

    handler_set(SIGUSR1, on_signal, 0);
    handler_set(SIGUSR2, on_signal, 0);
    sigemptyset(&both);
    sigaddset(&both, SIGUSR1);
    sigaddset(&both, SIGUSR2);
    TRY(sigprocmask(SIG_BLOCK, &both, &old));
    say("before: %d", sigismember(&old, SIGUSR1));
    for (int i = 0; i < 3; i++)
        raise(SIGUSR2);
    raise(SIGUSR1);
    TRY(sigpending(&pending));
    say("pending %d %d %d, order \"%s\"", sigismember(&pending, SIGUSR1),
        sigismember(&pending, SIGUSR2), sigismember(&pending, SIGTERM), order);
    sigdelset(&both, SIGUSR1);
    TRY(sigprocmask(SIG_UNBLOCK, &both, NULL));
    say("order \"%s\"", order);
    TRY(sigprocmask(SIG_SETMASK, &old, NULL));
    say("order \"%s\"", order);
    raise(SIGUSR1);
    say("order \"%s\"", order);
    TRY(sigprocmask(77, &old, NULL));
    sigemptyset(&both);
    sigaddset(&both, SIGKILL);
    sigaddset(&both, SIGSTOP);
    TRY(sigprocmask(SIG_BLOCK, &both, NULL));
    TRY(sigprocmask(SIG_BLOCK, NULL, &old));
    say("KILL %d STOP %d", sigismember(&old, SIGKILL),
        sigismember(&old, SIGSTOP));
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGHUP);
    MUST(sigaction(SIGALRM, &action, NULL));
    raise(SIGALRM);
    MUST(sigprocmask(SIG_BLOCK, NULL, &old));
    say("after it: %d %d", sigismember(&old, SIGALRM),
        sigismember(&old, SIGHUP));
    return 0;
}
