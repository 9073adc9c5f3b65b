/* A PI mutex whose waiter gives up just when its owner gives it back is free:
 * who takes it next and gives it back in user space leaves nobody behind. On
 * one CPU the waiter learns that its time is over when a busy thread lets it
 * run, each round a little later before the owner's turn; somewhere there it
 * has left the line, but not the kernel. */
/* time: instructions */
#include "thread.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>

#ifndef FUTEX_LOCK_PI2 /* by CLOCK_MONOTONIC */
#define FUTEX_LOCK_PI2 13
#endif

/* Times are nanoseconds; FINE is turns of a loop, as long as one of now(). */
enum { ROUNDS = 500, MILLISECOND = 1000000, SWEEP = 24000, FINE = 50 };

static atomic_uint word;
static volatile int64_t waits_until, busy_for;
static sem_t waits, busy, ended;

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static struct timespec timespec_of(int64_t time)
{
    return (struct timespec){time / 1000000000, time % 1000000000};
}

static void sleep_until(int64_t time)
{
    struct timespec until = timespec_of(time);

    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static int locked(int64_t until)
{
    struct timespec time = timespec_of(until);

    return syscall(FUTEX_CALL, &word, FUTEX_LOCK_PI2 | FUTEX_PRIVATE_FLAG, 0,
                   &time, NULL, 0) == 0;
}

/* As a C library does it: by a call only if somebody waits. */
static void unlock(void)
{
    unsigned mine = gettid();

    if (!atomic_compare_exchange_strong(&word, &mine, 0))
        syscall(FUTEX_CALL, &word, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG, 0,
                NULL, NULL, 0);
}

static void real_time(int priority)
{
    struct sched_param parameter = {.sched_priority = priority};

    MUST(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &parameter));
}

static void *gives_up(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        sem_wait(&waits);
        if (locked(waits_until))
            unlock();
        sem_post(&ended);
    }
    return argument;
}

static void *computes(void *argument)
{
    real_time(10);
    for (int i = 0; i < ROUNDS; i++) {
        sem_wait(&busy);
        sleep_until(waits_until); /* which ends with a tick */
        for (int64_t start = now(); now() < start + busy_for;)
            ;
        for (volatile int fine = i % FINE; fine > 0; fine--)
            ;
        sem_post(&ended);
    }
    return argument;
}

static int round_of(int number)
{
    int was_free;

    waits_until = now() + 3 * MILLISECOND;
    busy_for = MILLISECOND - (int64_t)number * SWEEP / ROUNDS;
    locked(waits_until);
    sem_post(&waits);
    sem_post(&busy);
    sleep_until(waits_until + MILLISECOND);
    unlock();
    if (locked(now() + MILLISECOND))
        unlock();
    was_free = locked(now() + MILLISECOND);
    unlock();
    sem_wait(&ended);
    sem_wait(&ended);
    atomic_store(&word, 0);
    return was_free;
}

int main(void)
{
    pthread_t waiter, loop;
    int found_free = 0;
    cpu_set_t first;

    CPU_ZERO(&first);
    CPU_SET(0, &first);
    MUST(sched_setaffinity(0, sizeof first, &first));
    sem_init(&waits, 0, 0);
    sem_init(&busy, 0, 0);
    sem_init(&ended, 0, 0);
    pthread_create(&waiter, NULL, gives_up, NULL);
    pthread_create(&loop, NULL, computes, NULL);
    real_time(50);
    for (int i = 0; i < ROUNDS; i++)
        found_free += round_of(i);
    pthread_join(waiter, NULL);
    pthread_join(loop, NULL);
    say("free in %d of %d rounds", found_free, ROUNDS);
    return 0;
}
