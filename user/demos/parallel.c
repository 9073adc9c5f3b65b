/*
 * Demo: work that splits into parts which need nothing of each other.
 *
 *   parallel [THREADS [LIMIT]]        as many threads as there are CPUs
 *
 * The threads count the prime numbers below LIMIT, a block of numbers at a
 * time; whoever is done takes the next block, since a block of large numbers
 * costs more than one of small ones. That is all they share. So N CPUs should
 * need an N-th of the time of `parallel 1`, each should do an N-th of the
 * divisions, and `tlp parallel` shows how many were at work.
 */
#include "demo.h"

#include <stdatomic.h>

enum { THREADS_MAX = 64, BLOCK = 500, LIMIT = 3000000, LIMIT_MAX = 100000000 };

struct part {
    pthread_t thread;
    unsigned primes;
    unsigned long long divisions;
};

static atomic_uint next_block;
static unsigned limit = LIMIT;

static int is_prime(unsigned number, unsigned long long *divisions)
{
    if (number < 4 || number % 2 == 0)
        return number == 2 || number == 3;
    for (unsigned divisor = 3; divisor * divisor <= number; divisor += 2) {
        ++*divisions;
        if (number % divisor == 0)
            return 0;
    }
    return 1;
}

/* Sums are in variables of its own until the end: *part lies in one cache line
 * with its neighbours. */
static void *part_count(void *argument)
{
    struct part *part = argument, sum = {0};

    for (;;) {
        unsigned first = atomic_fetch_add(&next_block, 1) * BLOCK;

        if (first >= limit)
            break;
        for (unsigned i = first; i < first + BLOCK && i < limit; i++)
            sum.primes += is_prime(i, &sum.divisions);
    }
    part->primes = sum.primes;
    part->divisions = sum.divisions;
    return NULL;
}

static void parts_run(struct part *parts, int threads)
{
    for (int i = 0; i < threads; i++)
        parts[i].thread = thread_start(part_count, &parts[i]);
    for (int i = 0; i < threads; i++)
        pthread_join(parts[i].thread, NULL);
}

int main(int count, char **words)
{
    struct part parts[THREADS_MAX];
    int threads = count > 1 ? atoi(words[1]) : cpu_count();
    unsigned primes = 0;

    if (count > 2)
        limit = (unsigned)atol(words[2]);
    if (threads < 1 || threads > THREADS_MAX || limit > LIMIT_MAX)
        return fputs("usage: parallel [THREADS [LIMIT]]\n", stderr), 2;
    double start = now();
    parts_run(parts, threads);
    double elapsed = (now() - start) / 1e6;
    for (int i = 0; i < threads; i++) {
        printf("thread %d: %u primes, %llu divisions\n", i, parts[i].primes,
               parts[i].divisions);
        primes += parts[i].primes;
    }
    printf("%u primes below %u in %.1f ms, %d threads\n", primes, limit,
           elapsed, threads);
    return 0;
}
