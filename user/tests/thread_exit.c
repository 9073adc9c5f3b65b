/* A process ends with all its threads when one calls exit, dies of a fault or
 * is killed, whatever the others do; and with its last thread else. */
#include "say.h"

#include <pthread.h>
#include <sys/syscall.h>

static int ends[2];

static void *blocks(void *argument)
{
    char byte;

    if (read(ends[0], &byte, 1) >= 0)
        say("read came back");
    return argument;
}

static void *spins(void *argument)
{
    for (;;)
        ;
    return argument;
}

static void *sleeps(void *argument)
{
    sleep(1000);
    return argument;
}

static void crowd_start(void)
{
    void *(*const work[])(void *) = {blocks, spins, sleeps};
    pthread_t thread;

    MUST(pipe(ends));
    for (size_t i = 0; i < 9; i++)
        pthread_create(&thread, NULL, work[i % 3], NULL);
    usleep(5000);
}

static void *exits(void *argument)
{
    usleep(2000);
    exit((int)(intptr_t)argument);
}

static void *faults(void *argument)
{
    *(volatile int *)argument = 1;
    return argument;
}

static void other_exits(void)
{
    pthread_t thread;

    crowd_start();
    pthread_create(&thread, NULL, exits, (void *)7);
    pause();
}

static void other_faults(void)
{
    pthread_t thread;

    crowd_start();
    pthread_create(&thread, NULL, faults, NULL);
    pause();
}

static void first_exits(void)
{
    crowd_start();
    exit(9);
}

static void is_killed(void)
{
    crowd_start();
    kill(getpid(), SIGKILL);
    pause();
}

/* The first thread goes; the process does not, and its number stays. */
static void first_leaves(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, exits, (void *)3);
    syscall(SYS_exit, 5);
}

/* No thread asks for the whole to end: the last one's status counts. */
static void *leaves(void *argument)
{
    usleep(3000);
    syscall(SYS_exit, 6);
    return argument;
}

static void all_leave(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, leaves, NULL);
    syscall(SYS_exit, 5);
}

int main(void)
{
    child_run("another thread's exit", other_exits);
    child_run("another thread's fault", other_faults);
    child_run("the first thread's exit", first_exits);
    child_run("a kill", is_killed);
    child_run("an exit after the first thread", first_leaves);
    child_run("the last of all", all_leave);
    return 0;
}
