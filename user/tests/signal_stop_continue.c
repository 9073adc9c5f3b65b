/* Who is stopped and at once continued goes on, however close the two are. */
#include "say.h"

#include <sched.h>
#include <sys/mman.h>

enum { ROUNDS = 2000, PATIENCE = 2000 };

static volatile unsigned *counter;

static void count(void)
{
    for (;;) {
        ++*counter;
        sched_yield();
    }
}

/* Whether the count goes on. */
static int is_alive(void)
{
    unsigned before = *counter;

    for (int patience = 0; *counter == before; patience++) {
        if (patience == PATIENCE)
            return 0;
        patience < 10 ? sched_yield() : usleep(1000);
    }
    return 1;
}

int main(void)
{
    int round;
    pid_t pid;

    counter = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid = MUST(fork());
    if (pid == 0)
        count();
    for (round = 0; round < ROUNDS && is_alive(); round++) {
        kill(pid, SIGSTOP);
        kill(pid, SIGCONT);
    }
    say("went on %d times", round);
    kill(pid, SIGKILL);
    MUST(waitpid(pid, NULL, 0));
    return 0;
}
