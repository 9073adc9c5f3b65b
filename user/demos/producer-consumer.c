/*
 * Demo: a bounded buffer with condition variables.
 *
 * Producers wait while it is full, consumers while it is empty. Each item is a
 * number of its own, and who takes it marks it: so one that was lost or taken
 * twice shows. Whoever is woken looks again, since another may have come
 * first; how often that was so is counted as "in vain".
 *
 * The status is 1 if an item was lost or doubled.
 */
#include "demo.h"

#include <unistd.h>

enum { PRODUCERS = 3, CONSUMERS = 3, PLACES = 8, EACH = 400 };
enum { ITEMS = PRODUCERS * EACH, NONE = -1 };

static struct buffer {
    pthread_mutex_t lock;
    pthread_cond_t has_room, has_items;
    int items[PLACES];
    int first, count;
    int producers; /* that have not yet ended */
    long waits_full, waits_empty, in_vain;
} buffer;

static const struct load {
    const char *name;
    int produce, consume; /* microseconds of sleep for an item */
} loads[] = {
    {"both fast", 0, 0},
    {"slow consumers", 0, 500},
    {"slow producers", 500, 0},
};

static const struct load *load;
static unsigned char taken[ITEMS]; /* how often */

/* ---- the buffer ---- */

static void buffer_put(int item)
{
    pthread_mutex_lock(&buffer.lock);
    while (buffer.count == PLACES) {
        buffer.waits_full++;
        pthread_cond_wait(&buffer.has_room, &buffer.lock);
        buffer.in_vain += buffer.count == PLACES;
    }
    buffer.items[(buffer.first + buffer.count++) % PLACES] = item;
    pthread_cond_signal(&buffer.has_items);
    pthread_mutex_unlock(&buffer.lock);
}

/* NONE: it is empty, and nobody will put anything any more. */
static int buffer_get(void)
{
    int item = NONE;

    pthread_mutex_lock(&buffer.lock);
    while (buffer.count == 0 && buffer.producers > 0) {
        buffer.waits_empty++;
        pthread_cond_wait(&buffer.has_items, &buffer.lock);
        buffer.in_vain += buffer.count == 0 && buffer.producers > 0;
    }
    if (buffer.count > 0) {
        item = buffer.items[buffer.first];
        buffer.first = (buffer.first + 1) % PLACES;
        buffer.count--;
        pthread_cond_signal(&buffer.has_room);
    }
    pthread_mutex_unlock(&buffer.lock);
    return item;
}

/* The last one to leave wakes all who wait for more. */
static void buffer_leave(void)
{
    pthread_mutex_lock(&buffer.lock);
    if (--buffer.producers == 0)
        pthread_cond_broadcast(&buffer.has_items);
    pthread_mutex_unlock(&buffer.lock);
}

/* ---- both sides ---- */

/* As one who waits for a device. */
static void pause_for(int microseconds)
{
    if (microseconds)
        usleep(microseconds);
}

static void *produces(void *argument)
{
    int *item = argument;

    for (int i = 0; i < EACH; i++) {
        pause_for(load->produce);
        buffer_put(*item + i);
    }
    buffer_leave();
    return NULL;
}

static void *consumes(void *argument)
{
    int item;

    while ((item = buffer_get()) != NONE) {
        pause_for(load->consume);
        __atomic_fetch_add(&taken[item], 1, __ATOMIC_RELAXED);
    }
    return argument;
}

static void run(void)
{
    pthread_t threads[PRODUCERS + CONSUMERS];
    int firsts[PRODUCERS];

    memset(taken, 0, sizeof taken);
    buffer = (struct buffer){
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .has_room = PTHREAD_COND_INITIALIZER,
        .has_items = PTHREAD_COND_INITIALIZER,
        .producers = PRODUCERS,
    };
    for (int i = 0; i < PRODUCERS; i++) {
        firsts[i] = i * EACH;
        threads[i] = thread_start(produces, &firsts[i]);
    }
    for (int i = 0; i < CONSUMERS; i++)
        threads[PRODUCERS + i] = thread_start(consumes, NULL);
    for (int i = 0; i < PRODUCERS + CONSUMERS; i++)
        pthread_join(threads[i], NULL);
}

/* False if an item was lost or doubled. */
static int report(void)
{
    int lost = 0, doubled = 0;

    for (int i = 0; i < ITEMS; i++) {
        lost += taken[i] == 0;
        doubled += taken[i] > 1;
    }
    printf("%-16s%7d%6d%9d%13ld%14ld%10ld\n", load->name, ITEMS, lost, doubled,
           buffer.waits_full, buffer.waits_empty, buffer.in_vain);
    return lost == 0 && doubled == 0;
}

int main(void)
{
    int wrong = 0;

    printf("%d producers, %d consumers, a buffer with %d places; CPUs: %d\n\n",
           PRODUCERS, CONSUMERS, PLACES, cpu_count());
    printf("%-16s%7s%6s%9s%13s%14s%10s\n", "", "items", "lost", "doubled",
           "waited: full", "waited: empty", "in vain");
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
        load = &loads[i];
        run();
        wrong += !report();
    }
    puts("\nThe slow side sets the pace and the fast side waits: a buffer "
         "evens out moments,\nnot speeds.");
    return wrong != 0;
}
