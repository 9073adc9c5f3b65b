/*
 * The three models: pthreads, and threads in user space on one kernel thread
 * and on several. The demo ends where a thread cannot be made.
 */
#define _GNU_SOURCE 1

#include "model.h"

#include "uthread/uthread.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void check(int error)
{
    if (error) {
        fprintf(stderr, "three-models: no thread, error %d\n", error);
        _exit(1);
    }
}

int cpu_count(void)
{
    cpu_set_t set;

    return sched_getaffinity(0, sizeof set, &set) < 0 ? 1 : CPU_COUNT(&set);
}

/* ---- one-to-one: each thread is a kernel thread ---- */

static void nothing(void)
{
}

static void *kernel_create(void *(*function)(void *), void *argument)
{
    pthread_t thread;

    check(pthread_create(&thread, NULL, function, argument));
    return thread;
}

static void kernel_join(void *thread)
{
    pthread_join(thread, NULL);
}

static void kernel_yield(void)
{
    sched_yield();
}

/* ---- many-to-one, many-to-many ---- */

static void start_one(void)
{
    check(uthread_start(1));
}

static void start_many(void)
{
    check(uthread_start(cpu_count() > 2 ? cpu_count() : 2));
}

static void *user_create(void *(*function)(void *), void *argument)
{
    struct uthread *thread;

    check(uthread_create(&thread, function, argument));
    return thread;
}

static void user_join(void *thread)
{
    uthread_join(thread, NULL);
}

const struct model models[MODELS] = {
    {"one-to-one", nothing, kernel_create, kernel_join, kernel_yield, nothing,
     nothing},
    {"many-to-one", start_one, user_create, user_join, uthread_yield,
     uthread_blocking_begin, uthread_blocking_end},
    {"many-to-many", start_many, user_create, user_join, uthread_yield,
     uthread_blocking_begin, uthread_blocking_end},
};
