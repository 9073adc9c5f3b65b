/* A signal that waits at the parent, blocked, is not the child's; and kill
 * refuses a group whose number has no opposite. */
#include "say.h"

#include <limits.h>
#include <sys/time.h>

static sigset_t pending(void)
{
    sigset_t set;

    MUST(sigpending(&set));
    return set;
}

static void child(void)
{
    sigset_t waits = pending(), none;

    say("waits at the child: %d", sigismember(&waits, SIGALRM));
    sigemptyset(&none);
    MUST(sigprocmask(SIG_SETMASK, &none, NULL));
    say("the child lives");
}

int main(void)
{
    struct itimerval soon = {.it_value.tv_usec = 1000};
    sigset_t alarm, waits;

    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    MUST(sigprocmask(SIG_BLOCK, &alarm, NULL));
    MUST(setitimer(ITIMER_REAL, &soon, NULL));
    do
        waits = pending();
    while (!sigismember(&waits, SIGALRM));
    child_run("child", child);
    TRY(kill(INT_MIN, 0));
    return 0;
}
