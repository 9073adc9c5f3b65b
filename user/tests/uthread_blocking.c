/* A thread that blocks in the kernel blocks all in many-to-one; in many-to-many
 * the others go on, though more are blocked than there are kernel threads. */
#include "say.h"

#include "uthread/uthread.h"

#include <fcntl.h>
#include <poll.h>

enum { READERS = 5, ROUNDS = 300 };

static int ends[READERS][2];
static volatile int waiting, errno_lost;

static void *writes(void *argument)
{
    MUST(write(ends[0][1], "x", 1));
    return argument;
}

/* Waits 50 ms for a byte that another thread would write if it could run. */
static int byte_comes(void)
{
    struct pollfd one = {.fd = ends[0][0], .events = POLLIN};

    return poll(&one, 1, 50);
}

static void many_to_one(void)
{
    struct uthread *other;

    MUST(pipe(ends[0]));
    uthread_start(1);
    uthread_create(&other, writes, NULL);
    say("while one thread is in the kernel, bytes: %d", byte_comes());
    uthread_yield();
    say("after a yield: %d", byte_comes());
    uthread_join(other, NULL);
}

static void *reads(void *argument)
{
    int number = (int)(uintptr_t)argument;
    char byte = '?';

    __atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
    MUST(read(ends[number][0], &byte, 1));
    return (void *)(uintptr_t)byte;
}

static void many_to_many(void)
{
    struct uthread *readers[READERS];
    char text[READERS + 1] = "";
    void *result;

    uthread_start(2);
    for (uintptr_t i = 0; i < READERS; i++) {
        MUST(pipe(ends[i]));
        uthread_create(&readers[i], reads, (void *)i);
    }
    while (waiting < READERS)
        uthread_yield();
    say("in the kernel at once: %d, and one that runs", waiting);
    for (int i = READERS; i-- > 0;) {
        MUST(write(ends[i][1], &"abcde"[i], 1));
        uthread_join(readers[i], &result);
        text[i] = (char)(uintptr_t)result;
    }
    say("read: %s", text);
}

/* Not inlined: a compiler would keep the address of errno, which is that of
 * the kernel thread on which the thread was before. */
__attribute__((noinline)) static int errno_now(void)
{
    return errno;
}

/* Comes back on any kernel thread, with errno as the call left it. */
static void *fails(void *argument)
{
    int bad = (int)(uintptr_t)argument % 2;

    for (int i = 0; i < ROUNDS; i++) {
        uthread_blocking_begin();
        if (bad)
            close(-1);
        else
            open("/nonexistent/file", O_RDONLY);
        uthread_blocking_end();
        errno_lost += errno_now() != (bad ? EBADF : ENOENT);
        uthread_yield();
    }
    return NULL;
}

static void errors(void)
{
    struct uthread *threads[READERS];

    uthread_start(2);
    for (uintptr_t i = 0; i < READERS; i++)
        uthread_create(&threads[i], fails, (void *)i);
    for (int i = 0; i < READERS; i++)
        uthread_join(threads[i], NULL);
    say("errno lost: %d", errno_lost);
}

static void *is_busy(void *argument)
{
    while (!waiting)
        ;
    for (volatile int i = 0; i < 30000000; i++)
        ;
    MUST(write(ends[0][1], "y", 1));
    return argument;
}

/* The timer runs on, and its signal would end poll() with EINTR. */
static void preemption(void)
{
    struct pollfd one = {.events = POLLIN};
    struct uthread *busy[2];

    MUST(pipe(ends[0]));
    one.fd = ends[0][0];
    uthread_start(2);
    uthread_preempt(1000);
    for (int i = 0; i < 2; i++)
        uthread_create(&busy[i], is_busy, NULL);
    waiting = 1;
    int result = poll(&one, 1, -1);
    say("poll under a timer: %d", result);
    for (int i = 0; i < 2; i++)
        uthread_join(busy[i], NULL);
}

static void *yields(void *argument)
{
    while (waiting)
        uthread_yield();
    return argument;
}

/* A child has none of its parent's other kernel threads: it may wait for none.
 */
static void forks(void)
{
    struct uthread *others[READERS];
    int status, wrong = 0;

    uthread_start(2);
    waiting = 1;
    for (int i = 0; i < READERS; i++)
        uthread_create(&others[i], yields, NULL);
    for (int i = 0; i < ROUNDS / 10; i++) {
        pid_t pid = MUST(fork());

        if (pid == 0) {
            for (int fd = 3; fd < 9; fd++)
                close(fd);
            _exit(7);
        }
        MUST(waitpid(pid, &status, 0));
        wrong += status != 7 << 8;
    }
    waiting = 0;
    for (int i = 0; i < READERS; i++)
        uthread_join(others[i], NULL);
    say("children that did not close and end: %d", wrong);
}

int main(void)
{
    child_run("many-to-one", many_to_one);
    child_run("many-to-many", many_to_many);
    child_run("errno", errors);
    child_run("preemption", preemption);
    child_run("forks", forks);
    return 0;
}
