/* fork in a thread copies that thread alone, with its storage and its mask,
 * and all the memory as it is at that moment. */
#include "say.h"

#include <pthread.h>
#include <sys/syscall.h>

static __thread int mine = 1;
static volatile int counter, stop;

static void *counts(void *argument)
{
    while (!stop)
        counter++;
    return argument;
}

static void child(void)
{
    int before = counter;

    usleep(20000);
    say("nobody counts in the child: %d", counter == before);
    say("mine is %d, and the thread is the first: %d", mine,
        syscall(SYS_gettid) == getpid());
}

static void *forks(void *argument)
{
    sigset_t mask;
    int status;

    mine = 5;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &mask, NULL);
    for (int i = 0; i < 20; i++) {
        pid_t pid = MUST(fork());
        if (pid == 0) {
            pthread_sigmask(SIG_BLOCK, NULL, &mask);
            if (i == 0)
                child();
            else if (i == 1)
                say("the mask came along: %d", sigismember(&mask, SIGUSR1));
            _exit(i);
        }
        MUST(waitpid(pid, &status, 0));
        if (WEXITSTATUS(status) != i)
            say_status("child", status);
    }
    return argument;
}

static void *waits_for_other(void *argument)
{
    int status;

    MUST(waitpid(*(pid_t *)argument, &status, 0));
    say_status("another thread's child", status);
    return argument;
}

int main(void)
{
    pthread_t counter_thread, thread;
    int before;

    pthread_create(&counter_thread, NULL, counts, NULL);
    while (counter == 0)
        ;
    pthread_create(&thread, NULL, forks, NULL);
    pthread_join(thread, NULL);
    before = counter;
    while (counter == before)
        ;
    say("the parent counts on");
    pid_t pid = MUST(fork());
    if (pid == 0)
        _exit(4);
    pthread_create(&thread, NULL, waits_for_other, &pid);
    pthread_join(thread, NULL);
    stop = 1;
    pthread_join(counter_thread, NULL);
    return 0;
}
