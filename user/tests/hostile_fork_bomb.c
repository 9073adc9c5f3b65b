/* A fork bomb fills the process table, dies of kills, and leaves nothing. */
/* only: spindle */
/* append: quantum=1 */
/* timeout: 120 */
#include "say.h"

#include <time.h>

/* Everyone forks as fast as it can, for ever. */
static void bomb(void)
{
    MUST(setpgid(0, 0));
    for (;;)
        fork();
}

/* Forks sleepers until there is no room, and ends them all. */
static int table_fill(void)
{
    int count = 0, why;
    pid_t group = 0, pid;

    while ((pid = fork()) > 0) {
        count++;
        group = group ? group : pid;
        setpgid(pid, group);
    }
    why = errno;
    while (pid == 0)
        pause();
    say("then %s", error_name(why));
    kill(-group, SIGKILL);
    while (wait(NULL) > 0)
        continue;
    return count;
}

int main(void)
{
    struct timespec second = {1, 0};
    int first, second_time;
    pid_t pid = MUST(fork());

    if (pid == 0)
        bomb();
    setpgid(pid, pid);
    nanosleep(&second, NULL);
    while (kill(-pid, SIGKILL) == 0)
        waitpid(pid, NULL, WNOHANG);
    while (wait(NULL) > 0)
        continue;
    first = table_fill();
    second_time = table_fill();
    if (first < 1000 || second_time < first - 8) {
        say("processes: %d, then %d", first, second_time);
        return 1;
    }
    say("pass");
    return 0;
}
