/* A mutex of threads in user space excludes, also where the timer may switch at
 * any instruction, goes to who has waited longest, and tells misuse. */
/* arguments: 20000 */
#include "say.h"

#include "uthread/uthread.h"

enum { THREADS = 5 };

static struct uthread_mutex mutex;
static volatile long counter;
static volatile int inside, clashes, rounds;
static char order[THREADS + 1];
static int arrived;

/* Not one instruction: who is interrupted here loses what others add. */
static void add_slowly(void)
{
    long seen = counter;

    clashes += inside++;
    for (volatile int i = 0; i < 20; i++)
        ;
    counter = seen + 1;
    inside--;
}

static void *adds(void *argument)
{
    for (int i = 0; i < rounds; i++) {
        uthread_mutex_lock(&mutex);
        add_slowly();
        uthread_mutex_unlock(&mutex);
    }
    return argument;
}

static void all(void *(*function)(void *))
{
    struct uthread *threads[THREADS];

    for (uintptr_t i = 0; i < THREADS; i++)
        if (uthread_create(&threads[i], function, (void *)i) != 0)
            say("no thread");
    for (int i = 0; i < THREADS; i++)
        uthread_join(threads[i], NULL);
}

static void excludes(void)
{
    counter = 0;
    all(adds);
    say("added: %d, clashes %d", counter == (long)THREADS * rounds, clashes);
}

static void *waits_in_line(void *argument)
{
    uthread_mutex_lock(&mutex);
    order[arrived++] = (char)('a' + (uintptr_t)argument);
    uthread_yield();
    uthread_mutex_unlock(&mutex);
    return NULL;
}

static void *keeps_it(void *argument)
{
    uthread_mutex_lock(&mutex);
    for (int i = 0; i < 10; i++)
        uthread_yield();
    say("another's: %s", error_name(uthread_mutex_trylock(&mutex)));
    uthread_mutex_unlock(&mutex);
    return argument;
}

static void *tries(void *argument)
{
    say("try another's: %s", error_name(uthread_mutex_trylock(&mutex)));
    say("unlock another's: %s", error_name(uthread_mutex_unlock(&mutex)));
    return argument;
}

static void misuse(void)
{
    struct uthread *other;

    say("unlock nobody's: %s", error_name(uthread_mutex_unlock(&mutex)));
    say("try: %s", error_name(uthread_mutex_trylock(&mutex)));
    say("lock again: %s", error_name(uthread_mutex_lock(&mutex)));
    uthread_create(&other, tries, NULL);
    uthread_join(other, NULL);
    say("unlock: %s", error_name(uthread_mutex_unlock(&mutex)));
}

int main(int count, char **arguments)
{
    struct uthread *keeper;

    rounds = count > 1 ? atoi(arguments[1]) : 20000;
    say("start: %d", uthread_start(1));
    misuse();
    uthread_create(&keeper, keeps_it, NULL);
    all(waits_in_line);
    uthread_join(keeper, NULL);
    say("in line: %s", order);
    uthread_preempt(2000);
    excludes();
    return 0;
}
