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

/* What the kernel has handed out, on Spindle; else 0. */
static long kept_by_kernel(void)
{
    long sum = 0, value;
    char name[32];
    FILE *file = fopen("/proc/books", "r");

    while (file && fscanf(file, "%31s %ld", name, &value) == 2)
        sum += value;
    if (file)
        fclose(file);
    return sum;
}

static void come_and_go(pthread_attr_t *attributes, int cycles)
{
    pthread_t one;

    for (int i = 0; i < cycles; i++) {
        if (pthread_create(&one, attributes, short_lived, NULL) != 0)
            say("no thread in cycle %d", i);
        pthread_join(one, NULL);
    }
}

int main(void)
{
    static pthread_t crowd[CROWD];
    pthread_attr_t small;

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
    come_and_go(&small, 100);
    kept_by_kernel(); /* what reading allocates, and keeps, is there then */
    long before = mapped_pages(), kept = kept_by_kernel();
    come_and_go(&small, CYCLES);
    say("grown by: %ld", mapped_pages() - before);
    say("kept by the kernel: %ld", kept_by_kernel() - kept);
    return 0;
}
