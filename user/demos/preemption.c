/*
 * Demo: the timer takes the processor away.
 *
 * Two children count in loops that never sleep and never call the kernel. On
 * one processor each would keep it for ever if it were asked to give it up; the
 * timer interrupt does not ask. Both counters move, and the parent, who only
 * sleeps, gets its turn too.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOPS = 2, LOOKS = 5 };

int main(void)
{
    volatile unsigned long *counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t loops[LOOPS];

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 0; i < LOOPS; i++) {
        loops[i] = fork();
        if (loops[i] < 0) {
            perror("fork");
            return 1;
        }
        while (loops[i] == 0)
            counts[i]++;
    }
    for (int i = 0; i < LOOKS; i++) {
        usleep(200000);
        printf("after %4d ms: %12lu %12lu\n", (i + 1) * 200, counts[0],
               counts[1]);
    }
    for (int i = 0; i < LOOPS; i++) {
        struct rusage usage;
        int status;

        kill(loops[i], SIGKILL);
        wait4(loops[i], &status, 0, &usage);
        printf("loop %d had the processor for %ld ms and lost it %ld times\n",
               i + 1,
               (long)usage.ru_utime.tv_sec * 1000 +
                   (long)usage.ru_utime.tv_usec / 1000,
               usage.ru_nivcsw);
    }
    puts("Neither loop gave the processor up; the timer took it.");
    return 0;
}
