/*
 * Threads in user space: what a yield costs that leads to another thread.
 */
#include "measure.h"

#include "uthread/uthread.h"

#include <stddef.h>

enum { ROUNDS = 2500, YIELDS = 2 * 4 * ROUNDS };

/* Several a round, so that the loop itself counts for little. */
static void *yields(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        uthread_yield();
        uthread_yield();
        uthread_yield();
        uthread_yield();
    }
    return argument;
}

uint64_t row_uthread_yield(void)
{
    struct uthread *other;

    check(-uthread_start(1), "uthread_start");
    check(-uthread_create(&other, yields, NULL), "uthread_create");
    uint64_t start = count_now();
    yields(NULL);
    uint64_t cost = count_now() - start;
    uthread_join(other, NULL);
    operations = YIELDS;
    return cost / operations;
}
