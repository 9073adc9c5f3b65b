/* waitid() reports in a siginfo and can leave the child for later. */
#include "say.h"

static void info_say(const siginfo_t *info, pid_t pid)
{
    static const char *const codes[] = {"none",     "exited",  "killed",
                                        "dumped",   "trapped", "stopped",
                                        "continued"};

    say("%s, %s, status %d, right pid %d", signal_name(info->si_signo),
        codes[info->si_code], info->si_status, info->si_pid == pid);
}

int main(void)
{
    siginfo_t info = {0};
    pid_t pid = MUST(fork());

    if (pid == 0)
        _exit(9);
    TRY(waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
    info_say(&info, pid);
    TRY(waitid(P_ALL, 0, &info, WEXITED));
    info_say(&info, pid);
    TRY(waitid(P_ALL, 0, &info, WEXITED));
    pid = MUST(fork());
    while (pid == 0)
        pause();
    memset(&info, 0, sizeof info);
    TRY(waitid(P_PID, pid, &info, WEXITED | WNOHANG));
    say("pid in it: %d", info.si_pid);
    MUST(kill(pid, SIGSTOP));
    TRY(waitid(P_PID, pid, &info, WSTOPPED));
    info_say(&info, pid);
    MUST(kill(pid, SIGCONT));
    TRY(waitid(P_PID, pid, &info, WCONTINUED));
    info_say(&info, pid);
    MUST(kill(pid, SIGKILL));
    TRY(waitid(P_PGID, getpgrp(), &info, WEXITED));
    info_say(&info, pid);
    TRY(waitid(P_PID, pid, &info, 0));
    TRY(waitid(77, pid, &info, WEXITED));
    return 0;
}
