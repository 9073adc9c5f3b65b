/* Ten thousand orphans that end are all reaped by init, quickly. */
/* only: spindle */
/* timeout: 120 */
#include "say.h"

#include <time.h>

enum { ORPHANS = 10000, BATCH = 500 };

/* Ends at once, and its children with it: they are init's from then on. */
static void batch_leave(void)
{
    for (int i = 0; i < BATCH; i++) {
        pid_t pid = fork();

        if (pid == 0)
            _exit(0);
        if (pid < 0)
            i--;
    }
    _exit(0);
}

int main(void)
{
    struct timespec start, now;
    int status, wrong = 0;

    for (int left = ORPHANS; left > 0; left -= BATCH) {
        pid_t pid = MUST(fork());

        if (pid == 0)
            batch_leave();
        MUST(waitpid(pid, &status, 0));
        wrong += status != 0;
    }
    MUST(clock_gettime(CLOCK_MONOTONIC, &start));
    for (int i = 0; i < 1000; i++) {
        pid_t pid = MUST(fork());

        if (pid == 0)
            _exit(0);
        MUST(waitpid(pid, NULL, 0));
    }
    MUST(clock_gettime(CLOCK_MONOTONIC, &now));
    if (wrong || now.tv_sec - start.tv_sec > 10) {
        say("wrong %d, then 1000 forks took %ld s", wrong,
            (long)(now.tv_sec - start.tv_sec));
        return 1;
    }
    say("pass");
    return 0;
}
