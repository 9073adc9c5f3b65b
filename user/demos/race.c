/*
 * Demo: lost updates, and four ways to lose none.
 *
 * Threads add to one counter: load, compute, store. What others have added
 * since the load is gone with the store. On several CPUs they meet between
 * the two; on one CPU the timer takes the processor away there. Nothing sleeps
 * or yields.
 *
 * Each table is one place: all CPUs, then one of them. Until the wrong way has
 * lost something it has another try, twice as long, since the timer has to
 * come meanwhile. The status is 1 if all tries were in vain, or if a right way
 * has lost anything.
 */
#include "demo.h"

enum { THREADS = 4, ROUNDS = 25000, WORK = 50, TRIES = 8 };

struct worker {
    pthread_t thread;
    /* In a cache line of its own, so that no other CPU's store takes it. */
    _Alignas(64) volatile long own;
};

static struct worker workers[THREADS];
static volatile long counter;
static int rounds;
static void (*add)(struct worker *worker);
static pthread_barrier_t start;

/* ---- the ways ---- */

static void add_one(volatile long *number)
{
    long seen = *number;

    compute(WORK);
    *number = seen + 1;
}

static void add_bare(struct worker *worker)
{
    (void)worker;
    add_one(&counter);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void add_with_mutex(struct worker *worker)
{
    (void)worker;
    pthread_mutex_lock(&mutex);
    add_one(&counter);
    pthread_mutex_unlock(&mutex);
}

/* Load, add and store are one instruction, so there is no between. */
static void add_atomically(struct worker *worker)
{
    (void)worker;
    compute(WORK);
    __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED);
}

static int taken;
static double longest_wait; /* whoever has the spinlock writes it */

static void add_with_spinlock(struct worker *worker)
{
    double since = 0;

    (void)worker;
    for (int turns = 0; __atomic_exchange_n(&taken, 1, __ATOMIC_ACQUIRE);
         turns++) {
        __builtin_ia32_pause();
        if (turns == 1000)
            since = now();
    }
    if (since != 0 && now() - since > longest_wait)
        longest_wait = now() - since;
    add_one(&counter);
    __atomic_store_n(&taken, 0, __ATOMIC_RELEASE);
}

static void add_alone(struct worker *worker)
{
    add_one(&worker->own);
}

static const struct way {
    const char *name;
    void (*add)(struct worker *worker);
} ways[] = {
    {"load, work, store", add_bare},        {"mutex", add_with_mutex},
    {"atomic instruction", add_atomically}, {"spinlock", add_with_spinlock},
    {"a counter each", add_alone},
};

/* ---- what comes of them ---- */

static void *adds(void *argument)
{
    pthread_barrier_wait(&start);
    for (int i = 0; i < rounds; i++)
        add(argument);
    return NULL;
}

/* What all counters add up to. */
static long count(void)
{
    long sum;

    counter = 0;
    for (int i = 0; i < THREADS; i++) {
        workers[i].own = 0;
        workers[i].thread = thread_start(adds, &workers[i]);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    sum = counter;
    for (int i = 0; i < THREADS; i++)
        sum += workers[i].own;
    return sum;
}

/* False if it did not do as it should. */
static int try(const struct way *way)
{
    int should_lose = way->add == add_bare, tries = 1;
    double begin = now();
    long came;

    add = way->add;
    while ((came = count()) == THREADS * rounds && should_lose &&
           tries < TRIES) {
        tries++;
        rounds *= 2;
        begin = now();
    }
    long wanted = THREADS * rounds;
    printf("%-20s%9ld%9ld%9ld%8.0f ns", way->name, wanted, came, wanted - came,
           (now() - begin) / (double)wanted);
    printf(should_lose ? "   in try %d\n" : "\n", tries);
    return came <= wanted && (came < wanted) == should_lose;
}

static int table(void)
{
    int wrong = 0, cpus = cpu_count();

    printf("%d threads on %d CPU%s\n\n%-20s%9s%9s%9s%11s\n", THREADS, cpus,
           cpus == 1 ? "" : "s", "way", "wanted", "came", "lost", "an update");
    rounds = ROUNDS;
    longest_wait = 0;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        wrong += !try(&ways[i]);
    printf("\nSomebody spun for %.1f ms.\n\n", longest_wait / 1e6);
    return wrong;
}

int main(void)
{
    int wrong = 0;

    must(pthread_barrier_init(&start, NULL, THREADS), "a barrier");
    if (cpu_count() > 1)
        wrong += table();
    stay_on_one_cpu();
    wrong += table();
    puts("On one CPU, when the holder of a spinlock is preempted, the others "
         "spin until\ntheir quanta are over: the one who could release it is "
         "not running. Who waits\nfor a mutex sleeps, and the holder goes on.");
    return wrong != 0;
}
