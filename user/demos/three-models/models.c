/*
 * The three models: pthreads, and threads in user space on one kernel thread
 * and on several. The demo ends where a thread cannot be made.
 */
#include "demos/demo.h"

#include "model.h"

#include "uthread/uthread.h"

#include <unistd.h>

static void check(int error)
{
    if (error) {
        fprintf(stderr, "three-models: no thread, error %d\n", error);
        _exit(1);
    }
}

/* ---- one-to-one: each thread is a kernel thread ---- */

static void nothing(void)
{
}

static void *kernel_create(void *(*function)(void *), void *argument)
{
    return thread_start(function, argument);
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
    {"one-to-one", nothing, kernel_create, kernel_join, kernel_yield},
    {"many-to-one", start_one, user_create, user_join, uthread_yield},
    {"many-to-many", start_many, user_create, user_join, uthread_yield},
};
