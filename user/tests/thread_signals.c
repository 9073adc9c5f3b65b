/* A signal to a thread is that thread's; one to the process goes to a thread
 * that does not block it; a fault's goes to who made it. Masks and pending
 * signals belong to each thread. */
#include "say.h"

#include <pthread.h>
#include <setjmp.h>
#include <sys/resource.h>
#include <sys/syscall.h>

static __thread volatile int caught;
static volatile int caught_by;
static __thread int number;
static __thread sigjmp_buf back;

static void count(int signal)
{
    (void)signal;
    caught++;
    caught_by = number;
}

static void jump(int signal)
{
    siglongjmp(back, signal);
}

static void block(int how, int signal)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, signal);
    pthread_sigmask(how, &set, NULL);
}

static int is_pending(int signal)
{
    sigset_t set;

    sigpending(&set);
    return sigismember(&set, signal);
}

/* ---- to one thread ---- */

static pthread_barrier_t step;

static void *target(void *argument)
{
    number = 2;
    block(SIG_BLOCK, SIGUSR1);
    pthread_barrier_wait(&step);
    pthread_barrier_wait(&step);
    say("pending where it was sent: %d, caught %d", is_pending(SIGUSR1),
        caught);
    block(SIG_UNBLOCK, SIGUSR1);
    say("caught there: %d", caught);
    return argument;
}

static void to_thread(void)
{
    pthread_t thread;

    pthread_barrier_init(&step, NULL, 2);
    pthread_create(&thread, NULL, target, NULL);
    pthread_barrier_wait(&step);
    pthread_kill(thread, SIGUSR1);
    say("pending elsewhere: %d, caught %d", is_pending(SIGUSR1), caught);
    pthread_barrier_wait(&step);
    pthread_join(thread, NULL);
    TRY(syscall(SYS_tgkill, getpid(), getpid(), 0));
    TRY(syscall(SYS_tgkill, getpid() + 1, getpid(), 0));
    TRY(syscall(SYS_tkill, 0, SIGUSR1));
    TRY(syscall(SYS_tkill, getpid(), 65));
}

/* ---- to the process ---- */

static void *willing(void *argument)
{
    number = 3;
    block(SIG_UNBLOCK, SIGUSR1);
    pthread_barrier_wait(&step);
    while (!caught)
        usleep(1000);
    return argument;
}

static void to_process(void)
{
    pthread_t thread;

    block(SIG_BLOCK, SIGUSR1);
    pthread_barrier_init(&step, NULL, 2);
    pthread_create(&thread, NULL, willing, NULL);
    pthread_barrier_wait(&step);
    kill(getpid(), SIGUSR1);
    pthread_join(thread, NULL);
    say("caught by thread %d", caught_by);
    block(SIG_UNBLOCK, SIGUSR1);
}

static void *taker(void *argument)
{
    sigset_t set;
    int got;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    pthread_barrier_wait(&step);
    say("sigwait: %d, %s", sigwait(&set, &got), signal_name(got));
    return argument;
}

static void to_waiter(void)
{
    pthread_t thread;

    block(SIG_BLOCK, SIGUSR2);
    pthread_create(&thread, NULL, taker, NULL);
    pthread_barrier_wait(&step);
    usleep(2000);
    kill(getpid(), SIGUSR2);
    pthread_join(thread, NULL);
    say("still pending: %d", is_pending(SIGUSR2));
}

/* Threads that end one after the other, while signals come: none is lost. */
static volatile int received;

static void receive(int signal)
{
    (void)signal;
    __atomic_fetch_add(&received, 1, __ATOMIC_SEQ_CST);
}

static void *short_lived(void *argument)
{
    block(SIG_UNBLOCK, SIGUSR1);
    return argument;
}

static void to_ending(void)
{
    handler_set(SIGUSR1, receive, 0);
    block(SIG_BLOCK, SIGUSR1);
    for (int i = 1; i <= 200; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, short_lived, NULL);
        kill(getpid(), SIGUSR1);
        pthread_join(thread, NULL);
        block(SIG_UNBLOCK, SIGUSR1);
        if (received != i)
            say("after %d came %d", i, received);
        block(SIG_BLOCK, SIGUSR1);
    }
    block(SIG_UNBLOCK, SIGUSR1);
    say("received %d", received);
}

/* ---- faults ---- */

static void *faulty(void *argument)
{
    volatile int *nowhere = argument;

    for (int i = 0; i < 100; i++) {
        int signal = sigsetjmp(back, 1);
        if (signal == 0)
            *nowhere = 1;
        else if (signal != SIGSEGV)
            say("%s", signal_name(signal));
        else
            caught++;
    }
    return (void *)(intptr_t)caught;
}

static void faults(void)
{
    pthread_t crew[4];
    void *result;

    handler_set(SIGSEGV, jump, 0);
    for (int i = 0; i < 4; i++)
        pthread_create(&crew[i], NULL, faulty, NULL);
    for (int i = 0; i < 4; i++) {
        pthread_join(crew[i], &result);
        say("faults of a thread: %d", (int)(intptr_t)result);
    }
}

/* ---- the number of a thread, where that of a process is asked for ---- */

static void *numbered(void *argument)
{
    pid_t tid = (pid_t)syscall(SYS_gettid);
    struct rlimit limit;

    TRY(kill(tid, 0));
    TRY(getpgid(tid) == getpgid(0));
    TRY(getsid(tid) == getsid(0));
    TRY(prlimit(tid, RLIMIT_CORE, NULL, &limit));
    TRY(waitpid(tid, NULL, 0));
    return argument;
}

static void by_number(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, numbered, NULL);
    pthread_join(thread, NULL);
}

int main(void)
{
    number = 1;
    handler_set(SIGUSR1, count, 0);
    to_thread();
    to_process();
    to_waiter();
    to_ending();
    faults();
    by_number();
    return 0;
}
