/* Who is more urgent is woken first, among those too whom FUTEX_REQUEUE has
 * brought. */
#include "thread.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>

#define THREADS 4

static const int priorities[THREADS] = {30, 10, 40, 20};
static uint32_t first, second; /* the even ones wait for first */
static volatile int tids[THREADS], woken[THREADS], count;

static void *waits(void *argument)
{
    int me = (int)(intptr_t)argument;
    struct sched_param real = {.sched_priority = priorities[me]};

    MUST(syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &real));
    tids[me] = (int)syscall(SYS_gettid);
    MUST(syscall(FUTEX_CALL, me % 2 ? &second : &first, FUTEX_WAIT_PRIVATE, 0,
                 NULL));
    woken[count] = priorities[me];
    count++;
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++) {
        MUST(-pthread_create(&threads[i], NULL, waits, (void *)(intptr_t)i));
        while (tids[i] == 0 || !thread_sleeps(tids[i]))
            usleep(1000);
    }
    TRY(syscall(FUTEX_CALL, &first, FUTEX_REQUEUE_PRIVATE, 0, 10, &second));
    for (int i = 0; i < THREADS; i++) {
        TRY(syscall(FUTEX_CALL, &second, FUTEX_WAKE_PRIVATE, 1));
        while (count == i)
            usleep(1000);
        say("woken: %d", woken[i]);
    }
    for (int i = 0; i < THREADS; i++)
        MUST(-pthread_join(threads[i], NULL));
    return 0;
}
