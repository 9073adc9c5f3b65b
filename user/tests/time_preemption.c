/* Busy loops share the processor: all of them get on, and a sleeper wakes. */
#include "say.h"

#include <sys/mman.h>

enum { LOOPS = 4 };

int main(void)
{
    volatile unsigned *counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pids[LOOPS];
    int alive = 0, status;

    for (int i = 0; i < LOOPS; i++) {
        pids[i] = MUST(fork());
        while (pids[i] == 0)
            counts[i]++;
    }
    for (int i = 0; i < LOOPS; i++)
        while (counts[i] < 1000)
            usleep(1000);
    for (int i = 0; i < LOOPS; i++) {
        unsigned before = counts[i];

        while (counts[i] == before)
            usleep(1000);
        alive++;
    }
    say("all get on: %d", alive);
    for (int i = 0; i < LOOPS; i++) {
        kill(pids[i], SIGKILL);
        MUST(waitpid(pids[i], &status, 0));
        say_status("loop", status);
    }
    return 0;
}
