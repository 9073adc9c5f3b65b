/* The old sigaction() call works beside the new one, and without SA_RESTORER a
 * handler returns all the same: the way back is the kernel's own. */
#include "say.h"

#include <sys/syscall.h>

/* What the kernel takes, without the C library's help. */
struct old_action {
    void (*handler)(int);
    unsigned long mask, flags;
    void *restorer;
};

struct new_action {
    void (*handler)(int);
    unsigned long flags;
    void *restorer;
    unsigned long mask[2];
};

enum { HIGH = 40 }; /* a signal in the mask's upper half */

#define BIT(number) (1ul << ((number)-1))

static volatile int count, last, held;

/* Which of three signals are blocked: a digit each. */
static int blocked(void)
{
    sigset_t now;

    MUST(sigprocmask(SIG_BLOCK, NULL, &now));
    return sigismember(&now, SIGUSR1) * 100 + sigismember(&now, SIGUSR2) * 10 +
           sigismember(&now, HIGH);
}

static void on_signal(int number)
{
    count++;
    last = number;
    held = blocked();
}

static void on_info(int number, siginfo_t *info, void *context)
{
    on_signal(number);
    say("info: %d, its sender: %d, a context: %d", info->si_signo == number,
        info->si_pid == getpid(), context != NULL);
}

static void raise_and_say(const char *what)
{
    int rest = 7;

    raise(SIGUSR1);
    say("%s: %d times, last %s, held %03d, then %03d, rest %d", what, count,
        signal_name(last), held, blocked(), rest);
}

static void old_call(void)
{
    struct old_action old, action = {on_signal, BIT(SIGUSR2), SA_RESTART, NULL};

    TRY(syscall(SYS_sigaction, SIGUSR1, &action, NULL));
    raise_and_say("old");
    raise_and_say("again");
    memset(&old, 0xff, sizeof old);
    TRY(syscall(SYS_sigaction, SIGUSR1, NULL, &old));
    say("read back: handler %d, mask %lx, flags %lx", old.handler == on_signal,
        old.mask, old.flags);
    action = (struct old_action){.handler = SIG_IGN};
    TRY(syscall(SYS_sigaction, SIGUSR1, &action, &old));
    say("old: handler %d, mask %lx, flags %lx", old.handler == on_signal,
        old.mask, old.flags);
    raise_and_say("ignored");
    TRY(syscall(SYS_sigaction, SIGKILL, &action, NULL));
    TRY(syscall(SYS_sigaction, 0, NULL, &old));
    TRY(syscall(SYS_sigaction, 65, NULL, &old));
    TRY(syscall(SYS_sigaction, SIGUSR1, (void *)8, NULL));
    TRY(syscall(SYS_sigaction, SIGUSR1, NULL, (void *)8));
}

static void new_call(const char *what, void *handler, int flags)
{
    struct new_action old, action = {
                               .handler = (void (*)(int))(uintptr_t)handler,
                               .flags = flags,
                               .mask = {BIT(SIGUSR2)},
                           };

    MUST(syscall(SYS_rt_sigaction, SIGUSR1, &action, NULL, 8));
    raise_and_say(what);
    raise_and_say("again");
    MUST(syscall(SYS_rt_sigaction, SIGUSR1, NULL, &old, 8));
    say("read back: handler %d, mask %lx %lx, flags %lx",
        (void *)(uintptr_t)old.handler == handler, old.mask[0], old.mask[1],
        old.flags);
}

int main(void)
{
    sigset_t high;

    sigemptyset(&high);
    sigaddset(&high, HIGH);
    MUST(sigprocmask(SIG_BLOCK, &high, NULL));
    old_call();
    new_call("new", (void *)(uintptr_t)on_signal, 0);
    new_call("new with info", (void *)(uintptr_t)on_info, SA_SIGINFO);
    return 0;
}
