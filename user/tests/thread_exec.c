/* execve in any thread ends the others and runs the program under the number
 * of the process; when it fails, nothing has happened. */
#include "say.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>

static int ends[2];
static pid_t pid_before;

static void *waits(void *argument)
{
    char byte;

    if (read(ends[0], &byte, 1) >= 0)
        say("read came back");
    return argument;
}

static void *spins(void *argument)
{
    volatile int *stop = argument;

    while (!*stop)
        ;
    return argument;
}

static void *executes(void *argument)
{
    char pid[16], fd[16];
    char *const arguments[] = {(char *)self_path(), "again", pid, fd, NULL};

    (void)argument;
    snprintf(pid, sizeof pid, "%d", (int)pid_before);
    snprintf(fd, sizeof fd, "%d", ends[1]);
    TRY(execve("/nowhere", arguments, environ));
    execve(self_path(), arguments, environ);
    say("execve came back");
    return NULL;
}

static void again(char **arguments)
{
    say("pid is the same: %d", getpid() == atoi(arguments[2]));
    say("and the only thread's: %d", getpid() == syscall(SYS_gettid));
    TRY(fcntl(atoi(arguments[3]), F_GETFD));
}

static void executed_by(int first)
{
    pthread_t thread;
    int stop = 0;

    pid_before = getpid();
    MUST(pipe(ends));
    MUST(fcntl(ends[1], F_SETFD, FD_CLOEXEC));
    for (int i = 0; i < 4; i++)
        pthread_create(&thread, NULL, i % 2 ? waits : spins, &stop);
    usleep(2000);
    if (first)
        executes(NULL);
    pthread_create(&thread, NULL, executes, NULL);
    pause();
}

/* Only one of two can win. */
static void executed_by_all(void)
{
    pthread_t thread;

    pid_before = getpid();
    MUST(pipe(ends));
    MUST(fcntl(ends[1], F_SETFD, FD_CLOEXEC));
    for (int i = 0; i < 4; i++)
        pthread_create(&thread, NULL, executes, NULL);
    pause();
}

static void by_first(void)
{
    executed_by(1);
}

static void by_other(void)
{
    executed_by(0);
}

static int silent_null = -1;

/* The number of failed calls said depends on who is first: say none. */
static void by_all(void)
{
    int out = dup(1);

    silent_null = open("/dev/null", O_WRONLY);
    dup2(silent_null, 1);
    fcntl(out, F_SETFD, FD_CLOEXEC);
    executed_by_all();
}

int main(int count, char **arguments)
{
    if (count == 4) {
        again(arguments);
        return 0;
    }
    child_run("by the first thread", by_first);
    child_run("by another thread", by_other);
    for (int i = 0; i < 5; i++)
        child_run("by all of them", by_all);
    return 0;
}
