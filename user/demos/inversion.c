/*
 * Demo: priority inversion, and lending priority against it.
 *
 * On one CPU a thread of low priority holds a mutex, one of high priority
 * waits for it, and one between them, which wants no mutex at all, computes.
 * The low one is not the most important that can run, so it does not run and
 * does not unlock: high waits as long as the middle one likes. With
 * PTHREAD_PRIO_INHERIT the owner has the priority of who waits for it, and
 * high waits as long as low still needs the mutex.
 *
 *     plain      low [==            ======]          inherit   low [========]
 *                mid    ############                           mid #### high
 * ~~~~~~~~~~~~~~~~~~~!                    high  ~~~~~~~!
 *
 * Needs the right to SCHED_FIFO. The status is 1 if there was no inversion
 * without lending, or one with it.
 */
#include "demo.h"

#include <semaphore.h>

enum { LOW = 10, MIDDLE = 20, HIGH = 30, DIRECTOR = 40 };
enum { SECTION = 5000000, COMPUTING = 8 * SECTION };

static pthread_mutex_t mutex;
static sem_t low_has_it;
static double waited, section, computing; /* nanoseconds */

static void priority(int value)
{
    struct sched_param parameter = {.sched_priority = value};

    must(pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter),
         "SCHED_FIFO");
}

static void *low(void *argument)
{
    priority(LOW);
    pthread_mutex_lock(&mutex);
    sem_post(&low_has_it);
    compute(SECTION);
    pthread_mutex_unlock(&mutex);
    return argument;
}

static void *middle(void *argument)
{
    priority(MIDDLE);
    compute(COMPUTING);
    return argument;
}

static void *high(void *argument)
{
    priority(HIGH);
    double begin = now();
    pthread_mutex_lock(&mutex);
    waited = now() - begin;
    pthread_mutex_unlock(&mutex);
    return argument;
}

/* The director is the most important: until it waits for them, high and
 * middle do not begin. */
static void play(const char *name, int protocol)
{
    pthread_mutexattr_t attributes;
    pthread_t cast[3];

    pthread_mutexattr_init(&attributes);
    must(pthread_mutexattr_setprotocol(&attributes, protocol), name);
    pthread_mutex_init(&mutex, &attributes);
    cast[0] = thread_start(low, NULL);
    sem_wait(&low_has_it);
    cast[1] = thread_start(high, NULL);
    cast[2] = thread_start(middle, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(cast[i], NULL);
    pthread_mutex_destroy(&mutex);
    printf("%-24shigh waited %7.1f ms\n", name, waited / 1e6);
    fflush(stdout);
}

static double time_of(int rounds)
{
    double begin = now();

    compute(rounds);
    return now() - begin;
}

int main(void)
{
    double plain;

    stay_on_one_cpu();
    priority(DIRECTOR);
    sem_init(&low_has_it, 0, 0);
    section = time_of(SECTION);
    computing = time_of(COMPUTING);
    printf("low needs the mutex for %.1f ms, middle computes for %.1f ms\n\n",
           section / 1e6, computing / 1e6);
    play("plain mutex", PTHREAD_PRIO_NONE);
    plain = waited;
    play("PTHREAD_PRIO_INHERIT", PTHREAD_PRIO_INHERIT);
    puts("\nPlain: middle ran, though high was waiting. Inherit: while high "
         "waited, low ran\nwith high's priority, and middle came last.");
    return !(plain > computing / 2 && waited < computing / 2);
}
