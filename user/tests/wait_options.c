/* waitpid(): which child, whether to sleep, whether a stop counts. */
#include "say.h"

static pid_t sleeper_start(void)
{
    pid_t pid = MUST(fork());

    while (pid == 0)
        pause();
    return pid;
}

int main(void)
{
    pid_t one = sleeper_start(), two = sleeper_start();
    int status = 0;

    TRY(waitpid(-1, &status, WNOHANG));
    TRY(waitpid(one, &status, WNOHANG));
    MUST(setpgid(two, 0));
    MUST(kill(two, SIGKILL));
    TRY(waitpid(-two, &status, 0) == two);
    say_status("two", status);
    TRY(waitpid(-two, &status, 0));
    TRY(waitpid(0, &status, WNOHANG));
    MUST(kill(one, SIGSTOP));
    TRY(waitpid(one, &status, WUNTRACED) == one);
    say_status("one", status);
    TRY(waitpid(one, &status, WUNTRACED | WNOHANG));
    MUST(kill(one, SIGCONT));
    TRY(waitpid(one, &status, WCONTINUED) == one);
    say_status("one", status);
    MUST(kill(one, SIGTERM));
    TRY(waitpid(one, &status, 0) == one);
    say_status("one", status);
    TRY(waitpid(one, &status, 0));
    TRY(waitpid(-1, &status, WNOHANG));
    return 0;
}
