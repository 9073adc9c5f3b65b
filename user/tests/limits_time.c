/* RLIMIT_CPU warns with SIGXCPU each second and ends in SIGKILL. */
#include "say.h"

#include <sys/resource.h>
#include <time.h>

static volatile int warnings;

static void on_warning(int number)
{
    (void)number;
    warnings++;
}

static void work(void)
{
    for (;;)
        ;
}

static void unhandled(void)
{
    MUST(setrlimit(RLIMIT_CPU, &(struct rlimit){1, 5}));
    work();
}

static void at_once(void)
{
    MUST(setrlimit(RLIMIT_CPU, &(struct rlimit){1, 1}));
    work();
}

/* Sleeping is no work. The limit is inherited; the time used is not. */
static void warned(void)
{
    struct rlimit limit;

    handler_set(SIGXCPU, on_warning, 0);
    MUST(setrlimit(RLIMIT_CPU, &(struct rlimit){1, 3}));
    nanosleep(&(struct timespec){1, 200000000}, NULL);
    say("warnings %d", warnings);
    while (warnings < 1)
        ;
    MUST(getrlimit(RLIMIT_CPU, &limit));
    say("warnings %d, limits %d %d", warnings, (int)limit.rlim_cur,
        (int)limit.rlim_max);
    while (warnings < 2)
        ;
    say("warnings %d, after more than one second: %d", warnings,
        clock() > CLOCKS_PER_SEC);
    signal(SIGXCPU, SIG_DFL);
    child_run("child", at_once);
    work();
}

int main(void)
{
    child_run("unhandled", unhandled);
    child_run("warned", warned);
    return 0;
}
