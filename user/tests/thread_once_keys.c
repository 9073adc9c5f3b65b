/* pthread_once runs its function once, however many come, and all wait for
 * it; a key has a value for each thread, and destructors run at the end. */
#include "say.h"

#include <pthread.h>

#define CREW 6

static pthread_once_t once = PTHREAD_ONCE_INIT;
static volatile int initialized, half_way;
static pthread_key_t key, unused;
static int destroyed;

static void initialize(void)
{
    half_way = 1;
    usleep(3000);
    initialized++;
}

static void destroy(void *value)
{
    __atomic_fetch_add(&destroyed, (int)(intptr_t)value, __ATOMIC_SEQ_CST);
}

static void *member(void *argument)
{
    pthread_once(&once, initialize);
    if (initialized != 1)
        say("not initialized: %d", initialized);
    if (pthread_getspecific(key))
        say("a new thread has a value");
    pthread_setspecific(key, argument);
    usleep(1000);
    return pthread_getspecific(key);
}

int main(void)
{
    pthread_t crew[CREW];
    void *result;
    long sum = 0;

    pthread_key_create(&key, destroy);
    pthread_key_create(&unused, destroy);
    pthread_setspecific(key, (void *)1000);
    for (int i = 0; i < CREW; i++)
        pthread_create(&crew[i], NULL, member, (void *)(intptr_t)(i + 1));
    for (int i = 0; i < CREW; i++) {
        pthread_join(crew[i], &result);
        sum += (long)(intptr_t)result;
    }
    say("values: %ld, destroyed: %d, initialized: %d", sum, destroyed,
        initialized);
    say("the first thread's: %d", (int)(intptr_t)pthread_getspecific(key));
    pthread_key_delete(unused);
    pthread_key_delete(key);
    return 0;
}
