/* Resource limits are kept, inherited, and may only go down at the top. */
#include "say.h"

#include <sys/resource.h>

static void child(void)
{
    struct rlimit limit;

    MUST(getrlimit(RLIMIT_CORE, &limit));
    say("inherited %d %d", (int)limit.rlim_cur, (int)limit.rlim_max);
}

int main(void)
{
    struct rlimit limit = {5, 10}, old;

    TRY(setrlimit(RLIMIT_CORE, &(struct rlimit){0, 20}));
    TRY(setrlimit(RLIMIT_CORE, &limit));
    TRY(getrlimit(RLIMIT_CORE, &old));
    say("%d %d", (int)old.rlim_cur, (int)old.rlim_max);
    child_run("child", child);
    TRY(setrlimit(RLIMIT_CORE, &(struct rlimit){11, 10}));
    TRY(prlimit(0, RLIMIT_CORE, &(struct rlimit){3, 3}, &old));
    say("%d %d", (int)old.rlim_cur, (int)old.rlim_max);
    TRY(prlimit(999999, RLIMIT_CORE, NULL, &old));
    TRY(getrlimit(77, &limit));
    TRY(setrlimit(77, &limit));
    return 0;
}
