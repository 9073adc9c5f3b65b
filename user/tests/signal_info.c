/* With SA_SIGINFO a handler learns who sent the signal, and why. */
#include "say.h"

#include <sys/syscall.h>

static siginfo_t seen;
static volatile int count;

static void on_signal(int number, siginfo_t *info, void *context)
{
    (void)number, (void)context;
    seen = *info;
    count++;
}

static void child(void)
{
    kill(getppid(), SIGUSR1);
    _exit(5);
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_signal,
                               .sa_flags = SA_SIGINFO | SA_RESTART};
    int status;
    pid_t pid;

    MUST(sigaction(SIGUSR1, &action, NULL));
    kill(getpid(), SIGUSR1);
    say("%s code %d errno %d from me: %d", signal_name(seen.si_signo),
        seen.si_code, seen.si_errno, seen.si_pid == getpid());
    syscall(SYS_tkill, syscall(SYS_gettid), SIGUSR1);
    say("code %d from me: %d", seen.si_code, seen.si_pid == getpid());
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1);
    say("code %d from me: %d, count %d", seen.si_code, seen.si_pid == getpid(),
        count);
    pid = MUST(fork());
    if (pid == 0)
        child();
    MUST(waitpid(pid, &status, 0));
    say_status("child", status);
    say("code %d from the child: %d", seen.si_code, seen.si_pid == pid);
    MUST(sigaction(SIGCHLD, &action, NULL));
    pid = MUST(fork());
    if (pid == 0)
        _exit(6);
    while (seen.si_signo != SIGCHLD)
        usleep(1000);
    say("%s code %d status %d from the child: %d", signal_name(seen.si_signo),
        seen.si_code, seen.si_status, seen.si_pid == pid);
    MUST(waitpid(pid, &status, 0));
    TRY(syscall(SYS_tgkill, getpid(), 999999, SIGUSR1));
    TRY(syscall(SYS_tgkill, -1, 1, SIGUSR1));
    TRY(syscall(SYS_tkill, 0, SIGUSR1));
    return 0;
}
