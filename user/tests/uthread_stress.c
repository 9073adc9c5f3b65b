/* Threads in user space yield, lock, wait, block, begin and end at random on
 * four kernel threads under preemption: nothing is lost, and all come through.
 */
/* arguments: 300 */
/* long-arguments: 5000 */
/* timeout: 120 */
#include "say.h"

#include "uthread/uthread.h"

enum { CREW = 12, CARRIERS = 4, MEETING = 50 };

static struct uthread_mutex mutex, barrier_mutex;
static struct uthread_condition all_here;
static int ends[2], rounds, here, generation;
static volatile long locked;
static long expected, wrong; /* atomic */

static void count(long *counter)
{
    __atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST);
}

static void yields(unsigned number)
{
    for (unsigned i = 0; i < number % 4; i++)
        uthread_yield();
}

static void locks(unsigned number)
{
    uthread_mutex_lock(&mutex);
    long seen = locked;
    if (number % 8 == 0)
        uthread_yield();
    for (volatile unsigned i = 0; i < number % 64; i++)
        ;
    locked = seen + 1;
    if (uthread_mutex_unlock(&mutex) != 0)
        count(&wrong);
    count(&expected);
}

static void tries(unsigned number)
{
    if (uthread_mutex_trylock(&mutex) != 0)
        return;
    locked++;
    yields(number);
    uthread_mutex_unlock(&mutex);
    count(&expected);
}

/* Each puts a byte in before it takes one out. */
static void passes(unsigned number)
{
    unsigned char byte = (unsigned char)number;

    if (write(ends[1], &byte, 1) != 1 || read(ends[0], &byte, 1) != 1)
        count(&wrong);
}

static void *short_lived(void *argument)
{
    yields((unsigned)(uintptr_t)argument);
    return argument;
}

static void begins(unsigned number)
{
    struct uthread *thread;
    void *result;

    if (uthread_create(&thread, short_lived, (void *)(uintptr_t)number) != 0 ||
        uthread_join(thread, &result) != 0 ||
        result != (void *)(uintptr_t)number)
        count(&wrong);
}

/* The C library's locks know only kernel threads. */
static void allocates(unsigned number)
{
    uthread_hold();
    char *bytes = malloc(100 + number % 5000);
    uthread_release();
    if (!bytes)
        must("malloc", -1);
    bytes[number % 100] = (char)number;
    yields(number);
    if (bytes[number % 100] != (char)number)
        count(&wrong);
    uthread_hold();
    free(bytes);
    uthread_release();
}

static void computes(unsigned number)
{
    double sum = number;

    for (volatile unsigned i = 0; i < 20000; i++)
        sum += 1.5;
    if (sum != number + 30000.0)
        count(&wrong);
}

static void everybody_meets(void)
{
    uthread_mutex_lock(&barrier_mutex);
    int mine = generation;
    if (++here == CREW) {
        here = 0;
        generation++;
        uthread_condition_broadcast(&all_here);
    }
    while (mine == generation)
        uthread_condition_wait(&all_here, &barrier_mutex);
    uthread_mutex_unlock(&barrier_mutex);
}

static void *member(void *argument)
{
    static void (*const steps[])(unsigned) = {
        yields, locks, tries, passes, begins, allocates, computes};
    unsigned seed = (unsigned)(uintptr_t)argument;

    for (int i = 0; i < rounds; i++) {
        seed = seed * 1664525 + 1013904223;
        steps[(seed >> 8) % COUNT(steps)](seed >> 12);
        if (i % MEETING == 0)
            everybody_meets();
    }
    return argument;
}

int main(int count_of, char **arguments)
{
    struct uthread *crew[CREW];

    rounds = count_of > 1 ? atoi(arguments[1]) : 300;
    MUST(pipe(ends));
    say("start: %d", uthread_start(CARRIERS));
    say("preempt: %d", uthread_preempt(1000));
    for (uintptr_t i = 0; i < CREW; i++)
        if (uthread_create(&crew[i], member, (void *)i) != 0)
            say("no thread");
    for (int i = 0; i < CREW; i++)
        uthread_join(crew[i], NULL);
    say("lost: %ld, wrong: %ld", expected - locked, wrong);
    return 0;
}
