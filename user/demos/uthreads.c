/*
 * Demo: threads in user space.
 *
 * A library keeps several stacks and switches between them; the kernel sees
 * one thread. So a switch is a function call, and so whatever happens to that
 * one kernel thread happens to all: one that sleeps in the kernel stops the
 * others, and one that loops keeps the processor, until the library lets a
 * timer interrupt it. Each part runs in a process of its own.
 */
#include "uthread/uthread.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int stop;
static volatile unsigned long counts[2];

static struct uthread *thread_make(void *(*function)(void *), void *argument)
{
    struct uthread *thread;

    if (uthread_create(&thread, function, argument) != 0) {
        fputs("no memory for a thread\n", stderr);
        _exit(1);
    }
    return thread;
}

/* ---- in turn ---- */

static int others; /* kernel threads seen besides the first */

static void *gives_up(void *argument)
{
    for (int i = 1; i <= 3; i++) {
        printf(" %s%d", (char *)argument, i);
        others += syscall(SYS_gettid) != getpid();
        uthread_yield();
    }
    return argument;
}

static void in_turn(void)
{
    struct uthread *threads[3];

    uthread_start(1);
    for (int i = 0; i < 3; i++)
        threads[i] = thread_make(gives_up, &"a\0b\0c"[2 * i]);
    for (int i = 0; i < 3; i++)
        uthread_join(threads[i], NULL);
    printf("\nThe kernel saw %d thread, and none of the switches.\n",
           1 + others);
}

/* ---- asleep in the kernel ---- */

static void *counts_turns(void *argument)
{
    while (!stop) {
        counts[0]++;
        uthread_yield();
    }
    return argument;
}

static void asleep(int kernel)
{
    uthread_start(kernel);
    struct uthread *counter = thread_make(counts_turns, NULL);
    uthread_yield();
    unsigned long before = counts[0];
    usleep(100000);
    unsigned long turns = counts[0] - before;
    printf("On %d kernel thread%s: one thread slept for 100 ms; the other had "
           "%lu turns.\n",
           kernel, kernel == 1 ? "" : "s", turns);
    stop = 1;
    uthread_join(counter, NULL);
}

static void asleep_on_one(void)
{
    asleep(1);
    puts("The kernel put its thread to sleep, and so all of ours.");
}

static void asleep_on_two(void)
{
    asleep(2);
    puts("Before it slept, it gave its turn to another kernel thread.");
}

/* ---- busy ---- */

static void *is_busy(void *argument)
{
    volatile unsigned long *count = argument;

    while (!stop)
        (*count)++;
    return NULL;
}

static void busy(void)
{
    struct uthread *threads[2];

    uthread_start(1);
    for (int i = 0; i < 2; i++)
        threads[i] = thread_make(is_busy, (void *)&counts[i]);
    uthread_preempt(10000);
    for (int i = 0; i < 3; i++) {
        uthread_yield();
        uthread_hold(); /* stdio must not be interrupted */
        printf("Two loops that never yield: %lu and %lu rounds.\n", counts[0],
               counts[1]);
        uthread_release();
    }
    stop = 1;
    uthread_preempt(0);
    for (int i = 0; i < 2; i++)
        uthread_join(threads[i], NULL);
    puts("The timer's signal handler switched; nobody had to give up.");
}

int main(void)
{
    static void (*const parts[])(void) = {in_turn, asleep_on_one, asleep_on_two,
                                          busy};
    int status, failed = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) {
        pid_t pid = fork();

        if (pid < 0)
            return perror("fork"), 1;
        if (pid == 0) {
            parts[i]();
            exit(0);
        }
        waitpid(pid, &status, 0);
        failed += status != 0;
    }
    return failed != 0;
}
