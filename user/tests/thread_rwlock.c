/* Read-write locks: many readers or one writer. */
#include "say.h"

#include <pthread.h>
#include <time.h>

#define READERS 4
#define WRITERS 2
#define ROUNDS  1000

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static volatile int left, right, readers, most, torn;
static pthread_barrier_t inside;

static void *reads(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        pthread_rwlock_rdlock(&lock);
        if (left != right)
            torn++;
        pthread_rwlock_unlock(&lock);
    }
    return argument;
}

static void *writes(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        pthread_rwlock_wrlock(&lock);
        left = left + 1;
        if (i % 16 == 0)
            sched_yield();
        right = right + 1;
        pthread_rwlock_unlock(&lock);
    }
    return argument;
}

/* All readers are in at once, or the barrier would never open. */
static void *reads_together(void *argument)
{
    pthread_rwlock_rdlock(&lock);
    pthread_barrier_wait(&inside);
    pthread_rwlock_unlock(&lock);
    return argument;
}

static void *tries(void *argument)
{
    struct timespec past = {0, 0};

    say("read: %s", error_name(pthread_rwlock_tryrdlock(&lock)));
    say("write: %s", error_name(pthread_rwlock_trywrlock(&lock)));
    say("write in time: %s",
        error_name(pthread_rwlock_timedwrlock(&lock, &past)));
    return argument;
}

static void run(void *(*function)(void *), pthread_t *thread)
{
    pthread_create(thread, NULL, function, NULL);
}

int main(void)
{
    pthread_t crew[READERS + WRITERS];

    for (int i = 0; i < READERS + WRITERS; i++)
        run(i < WRITERS ? writes : reads, &crew[i]);
    for (int i = 0; i < READERS + WRITERS; i++)
        pthread_join(crew[i], NULL);
    say("written: %d, torn: %d", right, torn);
    pthread_barrier_init(&inside, NULL, READERS);
    for (int i = 0; i < READERS; i++)
        run(reads_together, &crew[i]);
    for (int i = 0; i < READERS; i++)
        pthread_join(crew[i], NULL);
    say("all readers were in");
    pthread_rwlock_wrlock(&lock);
    run(tries, &crew[0]);
    pthread_join(crew[0], NULL);
    pthread_rwlock_unlock(&lock);
    say("written alone");
    return 0;
}
