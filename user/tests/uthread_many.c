/* 1,000 threads in user space live at once, on one kernel thread; 10,000 that
 * come and go use the same stacks again. */
#include "say.h"

#include "uthread/uthread.h"

#include <dirent.h>

enum { CROWD = 1000, CYCLES = 10000 };

static struct uthread *crowd[CROWD];
static struct uthread_mutex mutex;
static struct uthread_condition opened, arrived;
static int here, open;

static void *member(void *argument)
{
    uthread_mutex_lock(&mutex);
    if (++here == CROWD)
        uthread_condition_signal(&arrived);
    while (!open)
        uthread_condition_wait(&opened, &mutex);
    uthread_mutex_unlock(&mutex);
    return argument;
}

static void *short_lived(void *argument)
{
    return argument;
}

/* Pages that the process has mapped. */
static long mapped_pages(void)
{
    long pages = -1;
    FILE *file = fopen("/proc/self/statm", "r");

    if (!file || fscanf(file, "%ld", &pages) != 1)
        must("statm", -1);
    fclose(file);
    return pages;
}

static int kernel_threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;

    while (tasks && readdir(tasks))
        count++;
    closedir(tasks);
    return count - 2; /* . and .. */
}

static void a_crowd(void)
{
    long wrong = 0;
    void *result;

    for (uintptr_t i = 0; i < CROWD; i++)
        if (uthread_create(&crowd[i], member, (void *)i) != 0)
            say("no thread %d", (int)i);
    uthread_mutex_lock(&mutex);
    while (here < CROWD)
        uthread_condition_wait(&arrived, &mutex);
    say("here: %d, of the kernel's threads: %d", here, kernel_threads());
    open = 1;
    uthread_condition_broadcast(&opened);
    uthread_mutex_unlock(&mutex);
    for (uintptr_t i = 0; i < CROWD; i++)
        wrong += uthread_join(crowd[i], &result) != 0 || result != (void *)i;
    say("all gone, wrong: %ld", wrong);
}

static void come_and_go(void)
{
    long before = mapped_pages();
    struct uthread *one;

    for (int i = 0; i < CYCLES; i++)
        if (uthread_create(&one, short_lived, NULL) != 0 ||
            uthread_join(one, NULL) != 0)
            say("no thread in cycle %d", i);
    say("grown by: %ld", mapped_pages() - before);
}

int main(void)
{
    say("start: %d", uthread_start(1));
    a_crowd();
    come_and_go();
    return 0;
}
