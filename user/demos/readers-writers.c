/*
 * Demo: many may read at once, but a writer is alone. Who has to wait?
 *
 * The C library's lock lets a reader in whenever readers are inside: with
 * enough readers there is always one, and writers starve. The one made here of
 * a mutex and two conditions lets no reader in while a writer waits: with
 * enough writers the readers starve. Where writers are rare, only the second
 * serves both. Each row is a quarter of a second of the same load.
 *
 * The status is 1 if a writer was not alone.
 */
#include "demo.h"

#include <unistd.h>

enum { READERS = 6, WRITERS = 2, INSIDE_US = 1000, RUN_US = 250000 };

/* ---- two locks ---- */

static pthread_rwlock_t library_lock = PTHREAD_RWLOCK_INITIALIZER;

static void library_read(void)
{
    pthread_rwlock_rdlock(&library_lock);
}

static void library_write(void)
{
    pthread_rwlock_wrlock(&library_lock);
}

static void library_leave(void)
{
    pthread_rwlock_unlock(&library_lock);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t may_read = PTHREAD_COND_INITIALIZER;
static pthread_cond_t may_write = PTHREAD_COND_INITIALIZER;
static int reading, writing, wants_to_write; /* under the mutex */

static void own_read(void)
{
    pthread_mutex_lock(&mutex);
    while (writing || wants_to_write)
        pthread_cond_wait(&may_read, &mutex);
    reading++;
    pthread_mutex_unlock(&mutex);
}

static void own_write(void)
{
    pthread_mutex_lock(&mutex);
    wants_to_write++;
    while (writing || reading)
        pthread_cond_wait(&may_write, &mutex);
    wants_to_write--;
    writing = 1;
    pthread_mutex_unlock(&mutex);
}

static void own_leave(void)
{
    pthread_mutex_lock(&mutex);
    if (writing)
        writing = 0;
    else
        reading--;
    if (wants_to_write == 0)
        pthread_cond_broadcast(&may_read);
    else if (reading == 0)
        pthread_cond_signal(&may_write);
    pthread_mutex_unlock(&mutex);
}

static const struct lock {
    const char *name;
    void (*read)(void), (*write)(void), (*leave)(void);
} locks[] = {
    {"pthread_rwlock", library_read, library_write, library_leave},
    {"writers first", own_read, own_write, own_leave},
};

/* ---- the load ---- */

struct visitor {
    pthread_t thread;
    int writes, pause;
    long visits;
    double longest_wait;
};

static const struct lock *lock;
static volatile int stop;
/* Counted without the locks, which they are to judge. */
static int readers_inside, writers_inside, most_readers, not_alone;

static void read_inside(void)
{
    int readers = __atomic_add_fetch(&readers_inside, 1, __ATOMIC_SEQ_CST);
    int most = __atomic_load_n(&most_readers, __ATOMIC_SEQ_CST);

    while (readers > most &&
           !__atomic_compare_exchange_n(&most_readers, &most, readers, 0,
                                        __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        ;
    usleep(INSIDE_US);
    __atomic_sub_fetch(&readers_inside, 1, __ATOMIC_SEQ_CST);
}

static void write_inside(void)
{
    int writers = __atomic_add_fetch(&writers_inside, 1, __ATOMIC_SEQ_CST);

    usleep(INSIDE_US);
    if (writers != 1 || __atomic_load_n(&readers_inside, __ATOMIC_SEQ_CST) != 0)
        __atomic_add_fetch(&not_alone, 1, __ATOMIC_SEQ_CST);
    __atomic_sub_fetch(&writers_inside, 1, __ATOMIC_SEQ_CST);
}

static void *visits(void *argument)
{
    struct visitor *me = argument;

    while (!stop) {
        double came = now();
        (me->writes ? lock->write : lock->read)();
        if (now() - came > me->longest_wait)
            me->longest_wait = now() - came;
        me->visits += !stop;
        (me->writes ? write_inside : read_inside)();
        lock->leave();
        if (me->pause)
            usleep(me->pause);
    }
    return NULL;
}

static void add_up(const struct visitor *visitors, int count)
{
    double longest = 0;
    long sum = 0;

    for (int i = 0; i < count; i++) {
        sum += visitors[i].visits;
        if (visitors[i].longest_wait > longest)
            longest = visitors[i].longest_wait;
    }
    printf("%8ld%9.1f ms", sum, longest / 1e6);
}

static void run(int pause)
{
    struct visitor all[READERS + WRITERS] = {0};

    stop = most_readers = 0;
    for (int i = 0; i < READERS + WRITERS; i++) {
        all[i].writes = i >= READERS;
        all[i].pause = all[i].writes ? pause : 0;
        all[i].thread = thread_start(visits, &all[i]);
    }
    usleep(RUN_US);
    stop = 1;
    for (int i = 0; i < READERS + WRITERS; i++)
        pthread_join(all[i].thread, NULL);
    printf("%-16s%6d ms", lock->name, pause / 1000);
    add_up(all, READERS);
    add_up(all + READERS, WRITERS);
    printf("%9d%11d\n", most_readers, not_alone);
}

int main(void)
{
    printf("%d readers, %d writers, each inside for 1 ms\n\n", READERS,
           WRITERS);
    printf("%16s%9s%8s%12s%8s%12s%9s%11s\n", "", "writers", "", "longest", "",
           "longest", "readers", "not alone");
    printf("%-16s%9s%8s%12s%8s%12s%9s%11s\n", "lock", "pause", "reads", "wait",
           "writes", "wait", "at once", "");
    for (int pause = 0; pause <= 20000; pause += 20000) {
        for (lock = locks; lock < locks + 2; lock++)
            run(pause);
    }
    puts("\nA lock that never lets one side wait can let the other wait for "
         "ever.");
    return not_alone != 0;
}
