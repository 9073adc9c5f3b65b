/* SIGSTOP stops all threads before the parent hears of it, wherever they are,
 * and SIGCONT lets all go on. */
#include "say.h"

#include <pthread.h>
#include <sys/mman.h>

#define CREW 4

static volatile int *counters;

static void *counts(void *argument)
{
    volatile int *counter = argument;

    for (;;)
        (*counter)++;
    return argument;
}

static void *sleeps(void *argument)
{
    for (;;)
        usleep(500);
    return argument;
}

static void crowd(void)
{
    pthread_t thread;

    for (int i = 1; i < CREW; i++)
        pthread_create(&thread, NULL, counts, (void *)&counters[i]);
    pthread_create(&thread, NULL, sleeps, NULL);
    counts((void *)&counters[0]);
}

static void all_run(void)
{
    int before[CREW];

    memcpy(before, (void *)counters, sizeof before);
    for (int i = 0; i < CREW; i++)
        while (counters[i] == before[i])
            usleep(1000);
}

static int all_stand(void)
{
    int before[CREW];

    memcpy(before, (void *)counters, sizeof before);
    usleep(20000);
    return memcmp(before, (void *)counters, sizeof before) == 0;
}

int main(void)
{
    int status;
    pid_t pid;

    counters = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid = MUST(fork());
    if (pid == 0)
        crowd();
    for (int i = 0; i < 3; i++) {
        all_run();
        kill(pid, SIGSTOP);
        MUST(waitpid(pid, &status, WUNTRACED));
        say_status("crowd", status);
        say("all stand still: %d", all_stand());
        kill(pid, SIGCONT);
        MUST(waitpid(pid, &status, WCONTINUED));
        say_status("crowd", status);
    }
    all_run();
    kill(pid, SIGSTOP);
    MUST(waitpid(pid, &status, WUNTRACED));
    kill(pid, SIGKILL);
    MUST(waitpid(pid, &status, 0));
    say_status("crowd", status);
    return 0;
}
