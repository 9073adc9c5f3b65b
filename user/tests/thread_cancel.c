/* A thread is cancelled where it waits, at the next point where it may be, or
 * at once if it asked for that; its handlers run, last first. */
#include "say.h"

#include <pthread.h>
#include <semaphore.h>

static int ends[2];
static sem_t up;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

static void cleanup(void *argument)
{
    say("  cleans up: %s", (const char *)argument);
}

static void unlock(void *argument)
{
    say("  unlocks: %d", pthread_mutex_unlock(argument));
}

static void *reads(void *argument)
{
    char byte;

    pthread_cleanup_push(cleanup, "first");
    pthread_cleanup_push(cleanup, "second");
    sem_post(&up);
    if (read(ends[0], &byte, 1) >= 0)
        say("read came back");
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return argument;
}

static void *sleeps(void *argument)
{
    sem_post(&up);
    sleep(1000);
    return argument;
}

static void *waits(void *argument)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex);
    sem_post(&up);
    for (;;)
        pthread_cond_wait(&never, &mutex);
    pthread_cleanup_pop(1);
    return argument;
}

static void *spins(void *argument)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    sem_post(&up);
    for (;;)
        ;
    return argument;
}

static void *tests(void *argument)
{
    sem_post(&up);
    for (;;)
        pthread_testcancel();
    return argument;
}

static void *refuses(void *argument)
{
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    sem_post(&up);
    usleep(3000);
    pthread_testcancel();
    return argument;
}

static void *sleeps_on(void *argument)
{
    sleep(1000);
    return argument;
}

static void *joins(void *argument)
{
    pthread_t sleeper;

    pthread_create(&sleeper, NULL, sleeps_on, NULL);
    sem_post(&up);
    pthread_cleanup_push(cleanup, "the one who joins");
    pthread_join(sleeper, NULL);
    pthread_cleanup_pop(0);
    return argument;
}

static void cancelled(const char *what, void *(*function)(void *))
{
    pthread_t thread;
    void *result;

    pthread_create(&thread, NULL, function, NULL);
    sem_wait(&up);
    usleep(1000);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    say("%s: %s", what, result == PTHREAD_CANCELED ? "cancelled" : "not");
}

int main(void)
{
    MUST(pipe(ends));
    sem_init(&up, 0, 0);
    cancelled("in read", reads);
    cancelled("in sleep", sleeps);
    cancelled("in a condition", waits);
    cancelled("in a loop", spins);
    cancelled("at a test", tests);
    cancelled("against its will", refuses);
    cancelled("in join", joins);
    say("the mutex is free: %d", pthread_mutex_trylock(&mutex) == 0);
    return 0;
}
