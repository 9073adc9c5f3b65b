/* Condition variables: a signal wakes one, a broadcast all; a wait ends at its
 * time, on the clock that was chosen; nothing that was sent is lost. */
#include "say.h"

#include <pthread.h>
#include <time.h>

#define CREW  6
#define ITEMS 3000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static int waiting, turn, passed;

static void *waits(void *argument)
{
    pthread_mutex_lock(&mutex);
    waiting++;
    pthread_cond_signal(&ready);
    while (turn == 0)
        pthread_cond_wait(&changed, &mutex);
    if (turn > 0)
        turn--;
    passed++;
    pthread_cond_signal(&ready);
    pthread_mutex_unlock(&mutex);
    return argument;
}

static void let_pass(int turns, int broadcast, int expected)
{
    pthread_mutex_lock(&mutex);
    turn = turns;
    if (broadcast)
        pthread_cond_broadcast(&changed);
    else
        pthread_cond_signal(&changed);
    while (passed < expected)
        pthread_cond_wait(&ready, &mutex);
    say("passed: %d", passed);
    pthread_mutex_unlock(&mutex);
}

static void crew_passes(void)
{
    pthread_t crew[CREW];

    for (int i = 0; i < CREW; i++)
        pthread_create(&crew[i], NULL, waits, NULL);
    pthread_mutex_lock(&mutex);
    while (waiting < CREW)
        pthread_cond_wait(&ready, &mutex);
    pthread_mutex_unlock(&mutex);
    let_pass(1, 0, 1);
    let_pass(1, 0, 2);
    let_pass(-1, 1, CREW);
    for (int i = 0; i < CREW; i++)
        pthread_join(crew[i], NULL);
}

/* ---- producers and consumers --------------------------------------------- */

static int queue[8], head, tail;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;

static void *produces(void *argument)
{
    for (int i = 1; i <= ITEMS; i++) {
        pthread_mutex_lock(&mutex);
        while (head - tail == (int)COUNT(queue))
            pthread_cond_wait(&not_full, &mutex);
        queue[head++ % COUNT(queue)] = i;
        pthread_cond_signal(&not_empty);
        pthread_mutex_unlock(&mutex);
    }
    return argument;
}

static void *consumes(void *argument)
{
    long sum = 0;

    for (int i = 0; i < ITEMS; i++) {
        pthread_mutex_lock(&mutex);
        while (head == tail)
            pthread_cond_wait(&not_empty, &mutex);
        sum += queue[tail++ % COUNT(queue)];
        pthread_cond_signal(&not_full);
        pthread_mutex_unlock(&mutex);
    }
    *(long *)argument = sum;
    return NULL;
}

static void work(void)
{
    pthread_t crew[4];
    long sums[2];

    for (int i = 0; i < 4; i++)
        pthread_create(&crew[i], NULL, i < 2 ? produces : consumes,
                       &sums[i % 2]);
    for (int i = 0; i < 4; i++)
        pthread_join(crew[i], NULL);
    say("consumed: %ld", sums[0] + sums[1]);
}

/* ---- time ---------------------------------------------------------------- */

static void waits_until(clockid_t clock)
{
    pthread_condattr_t attributes;
    pthread_cond_t never;
    struct timespec end, now;
    int error;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, clock);
    pthread_cond_init(&never, &attributes);
    clock_gettime(clock, &end);
    end.tv_nsec += 5000000;
    end.tv_sec += end.tv_nsec / 1000000000;
    end.tv_nsec %= 1000000000;
    pthread_mutex_lock(&mutex);
    do
        error = pthread_cond_timedwait(&never, &mutex, &end);
    while (error == 0);
    pthread_mutex_unlock(&mutex);
    clock_gettime(clock, &now);
    say("%s, not early: %d", error_name(error),
        now.tv_sec > end.tv_sec ||
            (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec));
}

int main(void)
{
    crew_passes();
    work();
    waits_until(CLOCK_REALTIME);
    waits_until(CLOCK_MONOTONIC);
    return 0;
}
