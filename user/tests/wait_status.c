/* wait() tells exactly how a child ended. */
#include "say.h"

static void exits_zero(void)
{
}
static void exits_high(void)
{
    _exit(255);
}
static void exits_over(void)
{
    _exit(0x1234);
}
static void kills_itself(void)
{
    kill(getpid(), SIGKILL);
}
static void aborts(void)
{
    abort();
}
static void terminates(void)
{
    raise(SIGTERM);
}
static void exits_by_libc(void)
{
    exit(7);
}

int main(void)
{
    int status;

    child_run("zero", exits_zero);
    child_run("high", exits_high);
    child_run("over", exits_over);
    child_run("killed", kills_itself);
    child_run("aborted", aborts);
    child_run("terminated", terminates);
    child_run("libc", exits_by_libc);
    TRY(wait(&status));
    TRY(waitpid(1, &status, 0));
    if (MUST(fork()) == 0)
        _exit(3);
    TRY(wait(NULL) > 0);
    if (MUST(fork()) == 0)
        _exit(4);
    TRY(waitpid(-1, (int *)8, 0));
    TRY(waitpid(-1, &status, 0x7000));
    return 0;
}
