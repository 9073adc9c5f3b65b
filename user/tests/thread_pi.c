/* PI mutexes keep others out; they, and the calls below them, answer misuse,
 * and a circle of waiting threads; whom an owner that ends leaves waiting gets
 * the lock. */
#include "thread.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>

#define CREW   4
#define ROUNDS 1000

static long futex(uint32_t *word, int op, const struct timespec *timeout)
{
    return syscall(FUTEX_CALL, word, op | FUTEX_PRIVATE_FLAG, 0, timeout, NULL,
                   0);
}

/* ---- the mutex ---- */

static pthread_mutex_t mutex;
static volatile int counter;

static void mutex_make(int type)
{
    pthread_mutexattr_t attributes;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    say("protocol: %s", error_name(pthread_mutexattr_setprotocol(
                            &attributes, PTHREAD_PRIO_INHERIT)));
    pthread_mutex_init(&mutex, &attributes);
}

static void *adds(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        int seen = counter;
        if (i % 32 == 0)
            sched_yield();
        counter = seen + 1;
        pthread_mutex_unlock(&mutex);
    }
    return argument;
}

static void *tries(void *argument)
{
    struct timespec soon;

    say("trylock: %s", error_name(pthread_mutex_trylock(&mutex)));
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec += 2000000;
    soon.tv_sec += soon.tv_nsec / 1000000000;
    soon.tv_nsec %= 1000000000;
    say("timedlock: %s", error_name(pthread_mutex_timedlock(&mutex, &soon)));
    return argument;
}

static void mutexes(int type)
{
    pthread_t crew[CREW];

    mutex_make(type);
    counter = 0;
    for (int i = 0; i < CREW; i++)
        pthread_create(&crew[i], NULL, adds, NULL);
    for (int i = 0; i < CREW; i++)
        pthread_join(crew[i], NULL);
    say("counted: %d", counter);
    pthread_mutex_lock(&mutex);
    pthread_create(&crew[0], NULL, tries, NULL);
    pthread_join(crew[0], NULL);
    if (type == PTHREAD_MUTEX_ERRORCHECK)
        say("own lock: %s", error_name(pthread_mutex_lock(&mutex)));
    pthread_mutex_unlock(&mutex);
}

/* ---- the calls ---- */

static uint32_t word, other;
static volatile int order[CREW], come, tids[CREW];

static int is_mine(uint32_t value)
{
    return (value & FUTEX_TID_MASK) == (uint32_t)syscall(SYS_gettid);
}

static void *gets_in_line(void *argument)
{
    int number = (int)(intptr_t)argument;

    tids[number] = (int)syscall(SYS_gettid);
    if (futex(&word, FUTEX_LOCK_PI, NULL) < 0)
        say("lock: %s", error_name(errno));
    if (!is_mine(word))
        say("not mine");
    order[come++] = number;
    futex(&word, FUTEX_UNLOCK_PI, NULL);
    return NULL;
}

static void *asks(void *argument)
{
    struct timespec past = {1, 0};

    TRY(futex(&word, FUTEX_UNLOCK_PI, NULL));
    TRY(futex(&word, FUTEX_TRYLOCK_PI, NULL));
    TRY(futex(&word, FUTEX_LOCK_PI, &past));
    return argument;
}

static void in_line(void)
{
    pthread_t crew[CREW];

    futex(&word, FUTEX_LOCK_PI, NULL);
    for (int i = 0; i < CREW; i++) {
        tids[i] = 0;
        pthread_create(&crew[i], NULL, gets_in_line, (void *)(intptr_t)i);
        while (tids[i] == 0 || !thread_sleeps(tids[i]))
            usleep(500);
    }
    say("waited for: %d", (word & FUTEX_WAITERS) != 0);
    TRY(futex(&word, FUTEX_UNLOCK_PI, NULL));
    for (int i = 0; i < CREW; i++)
        pthread_join(crew[i], NULL);
    say("in order: %d%d%d%d", order[0], order[1], order[2], order[3]);
    say("free: %d", word == 0);
}

static void calls(void)
{
    pthread_t thread;

    TRY(futex(&word, FUTEX_LOCK_PI, NULL));
    say("mine, and nobody waits: %d", word == (uint32_t)syscall(SYS_gettid));
    TRY(futex(&word, FUTEX_LOCK_PI, NULL));
    pthread_create(&thread, NULL, asks, NULL);
    pthread_join(thread, NULL);
    TRY(futex(&word, FUTEX_UNLOCK_PI, NULL));
    say("free: %d", word == 0);
    TRY(futex(&word, FUTEX_UNLOCK_PI, NULL));
    TRY(futex(&word, FUTEX_TRYLOCK_PI, NULL));
    TRY(futex(&word, FUTEX_UNLOCK_PI, NULL));
    word = 0x3ffffff0;
    TRY(futex(&word, FUTEX_LOCK_PI, NULL));
    word = 0;
    TRY(futex((uint32_t *)16, FUTEX_LOCK_PI, NULL));
    TRY(futex((uint32_t *)((char *)&word + 2), FUTEX_LOCK_PI, NULL));
    in_line();
}

/* ---- a circle ---- */

static void *closes(void *argument)
{
    tids[0] = (int)syscall(SYS_gettid);
    futex(&other, FUTEX_LOCK_PI, NULL);
    while (tids[1] == 0)
        usleep(500);
    futex(&word, FUTEX_LOCK_PI, NULL);
    futex(&word, FUTEX_UNLOCK_PI, NULL);
    futex(&other, FUTEX_UNLOCK_PI, NULL);
    return argument;
}

static void circle(void)
{
    pthread_t thread;

    tids[0] = tids[1] = 0;
    futex(&word, FUTEX_LOCK_PI, NULL);
    pthread_create(&thread, NULL, closes, NULL);
    while (other == 0)
        usleep(500);
    tids[1] = 1;
    while (!(word & FUTEX_WAITERS))
        usleep(500);
    TRY(futex(&other, FUTEX_LOCK_PI, NULL));
    futex(&word, FUTEX_UNLOCK_PI, NULL);
    pthread_join(thread, NULL);
    say("both free: %d", word == 0 && other == 0);
}

/* ---- an owner that ends ---- */

static void *leaves_it(void *argument)
{
    futex(&word, FUTEX_LOCK_PI, NULL);
    while (!(word & FUTEX_WAITERS))
        usleep(500);
    return argument;
}

static void left(void)
{
    pthread_t thread;

    word = 0;
    pthread_create(&thread, NULL, leaves_it, NULL);
    while (word == 0)
        usleep(500);
    TRY(futex(&word, FUTEX_LOCK_PI, NULL));
    say("mine: %d, and its owner died: %d", is_mine(word),
        (word & FUTEX_OWNER_DIED) != 0);
    pthread_join(thread, NULL);
    TRY(futex(&word, FUTEX_UNLOCK_PI, NULL));
}

int main(void)
{
    mutexes(PTHREAD_MUTEX_NORMAL);
    mutexes(PTHREAD_MUTEX_ERRORCHECK);
    calls();
    circle();
    left();
    return 0;
}
