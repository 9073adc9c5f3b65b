/* Conditions of threads in user space: a signal wakes the first who waits, a
 * broadcast all, no wake-up is lost, nobody waits without the mutex. */
#include "say.h"

#include "uthread/uthread.h"

enum { WAITERS = 4, SLOTS = 3, ITEMS = 20000, SIDES = 3 };

static struct uthread_mutex mutex;
static struct uthread_condition changed, not_full, not_empty;
static char woken[2 * WAITERS + 1];
static int woken_count;

static void *waits(void *argument)
{
    uthread_mutex_lock(&mutex);
    uthread_condition_wait(&changed, &mutex);
    woken[woken_count++] = (char)('a' + (uintptr_t)argument);
    say("has the mutex: %s", error_name(uthread_mutex_unlock(&mutex)));
    return NULL;
}

static void let_all_run(void)
{
    for (int i = 0; i < 20; i++)
        uthread_yield();
}

static void wakes(void)
{
    struct uthread *threads[WAITERS];

    for (uintptr_t i = 0; i < WAITERS; i++)
        uthread_create(&threads[i], waits, (void *)i);
    let_all_run();
    say("woken unasked: %d", woken_count);
    uthread_condition_signal(&changed);
    let_all_run();
    say("by one signal: %s", woken);
    uthread_condition_signal(&changed);
    let_all_run();
    say("by another: %s", woken);
    uthread_condition_broadcast(&changed);
    for (int i = 0; i < WAITERS; i++)
        uthread_join(threads[i], NULL);
    say("by all: %s", woken);
    uthread_condition_signal(&changed);
    say("without it: %s", error_name(uthread_condition_wait(&changed, &mutex)));
}

/* ---- a buffer with few places, under preemption ---- */

static int slots[SLOTS], filled, put_at, take_at;
static long long put_sum, taken_sum;

static void put(int item)
{
    uthread_mutex_lock(&mutex);
    while (filled == SLOTS)
        uthread_condition_wait(&not_full, &mutex);
    slots[put_at] = item;
    put_at = (put_at + 1) % SLOTS;
    filled++;
    put_sum += item;
    uthread_condition_signal(&not_empty);
    uthread_mutex_unlock(&mutex);
}

static void take(void)
{
    uthread_mutex_lock(&mutex);
    while (filled == 0)
        uthread_condition_wait(&not_empty, &mutex);
    taken_sum += slots[take_at];
    take_at = (take_at + 1) % SLOTS;
    filled--;
    uthread_condition_signal(&not_full);
    uthread_mutex_unlock(&mutex);
}

static void *puts_all(void *argument)
{
    for (int i = 0; i < ITEMS; i++)
        put(i ^ (int)(uintptr_t)argument);
    return NULL;
}

static void *takes_all(void *argument)
{
    for (int i = 0; i < ITEMS; i++)
        take();
    return argument;
}

static void buffer(void)
{
    struct uthread *threads[2 * SIDES];

    for (uintptr_t i = 0; i < 2 * SIDES; i++)
        uthread_create(&threads[i], i % 2 ? puts_all : takes_all, (void *)i);
    for (int i = 0; i < 2 * SIDES; i++)
        uthread_join(threads[i], NULL);
    say("left: %d, all arrived: %d", filled, put_sum == taken_sum);
}

int main(void)
{
    say("start: %d", uthread_start(1));
    wakes();
    uthread_preempt(2000);
    buffer();
    return 0;
}
