/* 2,000 threads live in one process at once; 10,000 that come and go leave
 * nothing behind. */
/* mem: 512 */
#include "say.h"

#include <pthread.h>

#define CROWD  2000
#define CYCLES 10000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static int here, open;

static void *member(void *argument)
{
    pthread_mutex_lock(&mutex);
    if (++here == CROWD)
        pthread_cond_signal(&arrived);
    while (!open)
        pthread_cond_wait(&opened, &mutex);
    pthread_mutex_unlock(&mutex);
    return argument;
}

static void *short_lived(void *argument)
{
    return argument;
}

/* Pages that the process has mapped, where /proc tells. */
static long mapped_pages(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file && fscanf(file, "%ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages;
}

int main(void)
{
    static pthread_t crowd[CROWD];
    pthread_attr_t small;
    pthread_t one;

    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 16384);
    for (int i = 0; i < CROWD; i++)
        if (pthread_create(&crowd[i], &small, member, NULL) != 0)
            say("no thread %d", i);
    pthread_mutex_lock(&mutex);
    while (here < CROWD)
        pthread_cond_wait(&arrived, &mutex);
    say("here: %d", here);
    open = 1;
    pthread_cond_broadcast(&opened);
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < CROWD; i++)
        pthread_join(crowd[i], NULL);
    say("all gone");
    pthread_create(&one, &small, short_lived, NULL);
    pthread_join(one, NULL);
    long before = mapped_pages();
    for (int i = 0; i < CYCLES; i++) {
        if (pthread_create(&one, &small, short_lived, NULL) != 0)
            say("no thread in cycle %d", i);
        pthread_join(one, NULL);
    }
    say("grown by: %ld", mapped_pages() - before);
    return 0;
}
