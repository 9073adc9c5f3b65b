/* Whichever allocation of fork, exec, a thread's start, mmap, pipe or open
 * fails: an error comes back, and nothing leaks. */
/* only: spindle */
/* without: default smp2 fast4 pentium2 qemu32 */
/* timeout: 120 */
#include "say.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>

/* The kernel lets the n-th allocation from now on fail (CHECKED builds), for
 * the process that opened the file. */
static int fail_fd;

static void fail_open(void)
{
    fail_fd = MUST(open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC));
}

static int fail_set(int nth)
{
    char text[12];
    int length = snprintf(text, sizeof text, "%d", nth);

    return (int)pwrite(fail_fd, text, length, 0);
}

/* Has the failure not happened yet? Reading the count allocates, so it may
 * happen there. */
static int fail_is_waiting(void)
{
    char text[12] = "";

    if (pread(fail_fd, text, sizeof text - 1, 0) < 0)
        return 1;
    fail_set(0);
    return atoi(text) > 0;
}

/* Each does one thing and undoes it; 0, or -1 with errno. */
static int forks(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return pid < 0 || waitpid(pid, NULL, 0) != pid ? -1 : 0;
}

static void *nothing(void *argument)
{
    return argument;
}

static int threads(void)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, nothing, NULL);

    if (error == 0)
        return pthread_join(thread, NULL);
    errno = error;
    return -1;
}

static int maps(void)
{
    size_t size = 64 << 10;
    char *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (bytes == MAP_FAILED)
        return -1;
    memset(bytes, 1, size);
    return munmap(bytes, size);
}

static int maps_shared(void)
{
    char *bytes = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (bytes == MAP_FAILED)
        return -1;
    bytes[4096] = 1;
    return munmap(bytes, 8192);
}

static int pipes(void)
{
    int ends[2];

    if (pipe(ends) < 0)
        return -1;
    ssize_t written = write(ends[1], "bytes", 5);
    int error = errno;
    close(ends[0]);
    close(ends[1]);
    errno = error;
    return written == 5 ? 0 : -1;
}

static int opens(void)
{
    int fd = open("/tmp/failures", O_RDWR | O_CREAT | O_TRUNC, 0600);

    if (fd < 0)
        return -1;
    ssize_t written = write(fd, "bytes", 5);
    int error = errno;
    close(fd);
    errno = error;
    return written == 5 ? 0 : -1;
}

static int is_error_of_memory(void)
{
    return errno == ENOMEM || errno == EAGAIN || errno == ENOSPC;
}

/* How often an error came back, or -1. Some failures are made up for: the step
 * succeeds by another way. */
static int every_allocation(const char *what, int (*step)(void))
{
    int errors = 0;

    for (int nth = 1; nth < 1000; nth++) {
        fail_set(nth);
        int result = step();
        int good = result == 0 || is_error_of_memory();
        int waiting = fail_is_waiting();

        fail_set(0);
        if (!good) {
            say("%s, allocation %d: %s", what, nth, error_name(errno));
            return -1;
        }
        errors += result != 0;
        if (waiting)
            return errors;
    }
    say("%s never ends", what);
    return -1;
}

/* The child orders the failure for itself, then becomes another program. */
static int exec_at(int nth)
{
    int status;
    pid_t pid = MUST(fork());

    if (pid == 0) {
        char *arguments[] = {(char *)self_path(), "done", NULL};

        fail_open();
        fail_set(nth);
        execv(self_path(), arguments);
        int error = errno;
        fail_set(0);
        _exit(error == ENOMEM || error == EAGAIN ? 1 : 2);
    }
    MUST(waitpid(pid, &status, 0));
    return status;
}

/* Error statuses come first, successes last: 20 in a row end the search. */
static int every_exec(void)
{
    int failed = 0, in_a_row = 0;

    for (int nth = 1; in_a_row < 20; nth++) {
        int status = exec_at(nth);

        if (status != 0 && (!WIFEXITED(status) || WEXITSTATUS(status) != 1)) {
            say_status("exec", status);
            return -1;
        }
        in_a_row = status == 0 ? in_a_row + 1 : 0;
        failed += status != 0;
    }
    return failed;
}

int main(int count, char **arguments)
{
    if (count > 1 && strcmp(arguments[1], "done") == 0)
        return 0;
    fail_open();
    if (fail_set(0) < 0 && errno == EOPNOTSUPP) {
        say("this kernel orders no failures: run it in a CHECKED build");
        return 1;
    }
    int forked = every_allocation("fork", forks);
    int threaded = every_allocation("thread", threads);
    int mapped = every_allocation("mmap", maps);
    int shared = every_allocation("shared mmap", maps_shared);
    int piped = every_allocation("pipe", pipes);
    int opened = every_allocation("open", opens);
    int executed = every_exec();
    unlink("/tmp/failures");

    say("failed: fork %d, thread %d, mmap %d, shared %d, pipe %d, open %d, "
        "exec %d",
        forked, threaded, mapped, shared, piped, opened, executed);
    int good = forked > 0 && threaded > 0 && mapped > 0 && shared > 0 &&
               piped > 0 && opened > 0 && executed > 0;
    say(good ? "pass" : "fail");
    return !good;
}
