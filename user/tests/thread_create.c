/* Threads are created, run at the same time in one space, and are joined: each
 * has a stack and thread-local storage of its own, all see the same globals. */
#include "say.h"

#include <pthread.h>
#include <sys/syscall.h>

#define CREW 8

static __thread int mine = 41;
static int ours;
static pid_t tids[CREW];
static pthread_barrier_t all_here;

static void *member(void *argument)
{
    int number = (int)(intptr_t)argument;

    tids[number] = (pid_t)syscall(SYS_gettid);
    mine += number;
    __atomic_fetch_add(&ours, 1, __ATOMIC_SEQ_CST);
    pthread_barrier_wait(&all_here);
    return (void *)(intptr_t)(ours * 1000 + mine);
}

static void say_numbers(void)
{
    int same = 0;

    for (int i = 0; i < CREW; i++) {
        same += tids[i] == getpid();
        for (int j = 0; j < i; j++)
            same += tids[i] == tids[j];
    }
    say("numbers used twice: %d", same);
    say("pid is the first thread's: %d", getpid() == syscall(SYS_gettid));
}

static void *nothing(void *argument)
{
    return argument;
}

int main(void)
{
    pthread_t crew[CREW], one;
    pthread_attr_t detached;
    void *result;

    pthread_barrier_init(&all_here, NULL, CREW);
    for (int i = 0; i < CREW; i++)
        if (pthread_create(&crew[i], NULL, member, (void *)(intptr_t)i) != 0)
            say("no thread %d", i);
    for (int i = 0; i < CREW; i++) {
        pthread_join(crew[i], &result);
        say("%d gives %d", i, (int)(intptr_t)result);
    }
    say_numbers();
    say("mine is still %d", mine);
    for (int i = 0; i < 1000; i++) {
        pthread_create(&one, NULL, nothing, (void *)(intptr_t)i);
        pthread_join(one, &result);
        if ((int)(intptr_t)result != i)
            say("%d gave %d", i, (int)(intptr_t)result);
    }
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    for (int i = 0; i < 100; i++)
        while (pthread_create(&one, &detached, nothing, NULL) != 0)
            usleep(1000);
    say("done");
    return 0;
}
