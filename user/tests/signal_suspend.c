/* sigsuspend() opens the mask and sleeps in one step, then puts it back. */
#include "say.h"

static volatile int count;

static void on_signal(int number)
{
    (void)number;
    count++;
}

/* One hundred signals there and one hundred back, none of them lost. */
static void partners_play(const sigset_t *open)
{
    pid_t pid = MUST(fork()), partner = pid ? pid : getppid();
    int status;

    count = 0;
    for (int i = 0; i < 100; i++) {
        if (pid != 0)
            kill(partner, SIGUSR1);
        while (count == i)
            sigsuspend(open);
        if (pid == 0)
            kill(partner, SIGUSR1);
    }
    if (pid == 0)
        _exit(count);
    MUST(waitpid(pid, &status, 0));
    say_status("partner", status);
    say("count %d", count);
}

int main(void)
{
    sigset_t blocked, open, now;

    handler_set(SIGUSR1, on_signal, 0);
    sigemptyset(&open);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    MUST(sigprocmask(SIG_BLOCK, &blocked, NULL));
    raise(SIGUSR1);
    say("count %d", count);
    TRY(sigsuspend(&open));
    say("count %d", count);
    MUST(sigprocmask(SIG_BLOCK, NULL, &now));
    say("blocked again: %d", sigismember(&now, SIGUSR1));
    partners_play(&open);
    return 0;
}
