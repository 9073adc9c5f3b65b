/* Threads of several processes fork, execute, map, unmap, lock, signal, pass
 * bytes, begin and end all at once: each finds what it left, and in the end
 * nothing is left. */
/* arguments: 60 0 */
/* long-arguments: 60 60 */
/* long-in: smp2 smp4 smp8 kasan */
/* timeout: 120 */
/* thread_stress [ROUNDS [SECONDS]]: each thread takes so many steps at least,
 * and does not end before so many seconds are over. */
#include "thread.h"

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <time.h>

#define PROCESSES 2
#define CREW      5

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_t crew[CREW];
static int ends[2], rounds;
static time_t end; /* of the monotonic clock */
static long locked;
static volatile int handled;
static pthread_barrier_t all_here;

static void fail(const char *what)
{
    say("%s: %s", what, error_name(errno));
    _exit(1);
}

static void handle(int signal)
{
    (void)signal;
    __atomic_fetch_add(&handled, 1, __ATOMIC_SEQ_CST);
}

static void wait_for_child(pid_t pid, int code)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            fail("waitpid");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != code)
        say_status("child", status);
}

static void forks(unsigned number)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit((int)(number % 100));
    if (pid < 0)
        fail("fork");
    wait_for_child(pid, (int)(number % 100));
}

static void executes(unsigned number)
{
    char *arguments[] = {(char *)self_path(), "0", NULL};
    pid_t pid = number % 2 ? vfork() : fork();

    if (pid == 0) {
        execv(self_path(), arguments);
        _exit(9);
    }
    if (pid < 0)
        fail("fork");
    wait_for_child(pid, 0);
}

/* Pages of one's own, made, copied on write by a fork, hidden, given back. */
static void maps(unsigned number)
{
    size_t size = (1 + number % 20) * 4096;
    volatile char *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (bytes == MAP_FAILED)
        fail("mmap");
    for (size_t at = 0; at < size; at += 4096)
        bytes[at] = (char)number;
    if (number % 3 == 0) {
        mprotect((void *)bytes, size, PROT_NONE);
        mprotect((void *)bytes, size, PROT_READ | PROT_WRITE);
    }
    for (size_t at = 0; at < size; at += 4096)
        if (bytes[at] != (char)number)
            say("a page has changed");
    munmap((void *)bytes, size);
}

static void locks(unsigned number)
{
    pthread_mutex_lock(&mutex);
    locked++;
    if (number % 2)
        pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void signals(unsigned number)
{
    if (number % 4)
        pthread_kill(crew[number % CREW], SIGUSR1);
    else
        kill(getpid(), SIGUSR1);
}

static void passes(unsigned number)
{
    unsigned char byte = (unsigned char)number;
    ssize_t count;

    while ((count = write(ends[1], &byte, 1)) < 0 && errno == EINTR)
        ;
    while (count == 1 && (count = read(ends[0], &byte, 1)) < 0 &&
           errno == EINTR)
        ;
    if (count != 1)
        fail("pipe");
}

static void *short_lived(void *argument)
{
    locks((unsigned)(uintptr_t)argument);
    return argument;
}

static void begins(unsigned number)
{
    pthread_t thread;
    void *result;

    if (pthread_create(&thread, NULL, short_lived, (void *)(uintptr_t)number))
        fail("pthread_create");
    pthread_join(thread, &result);
    if (result != (void *)(uintptr_t)number)
        say("a thread gave something else");
}

static void opens(unsigned number)
{
    int fd = open("/dev/null", O_WRONLY), copy;

    if (fd < 0 || (copy = dup(fd)) < 0 || write(copy, &number, 1) != 1)
        fail("open");
    close(fd);
    close(copy);
}

static time_t seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void *member(void *argument)
{
    static void (*const steps[])(unsigned) = {forks,   executes, maps,   locks,
                                              signals, passes,   begins, opens};
    unsigned seed = (unsigned)(uintptr_t)argument;

    pthread_barrier_wait(&all_here);
    for (int i = 0; i < rounds || seconds_now() < end; i++) {
        seed = seed * 1664525 + 1013904223;
        steps[(seed >> 8) % COUNT(steps)](seed >> 12);
    }
    /* Nobody signals who has gone. */
    pthread_barrier_wait(&all_here);
    return NULL;
}

static void process(int number)
{
    handler_set(SIGUSR1, handle, number % 2 ? SA_RESTART : 0);
    MUST(pipe(ends));
    pthread_barrier_init(&all_here, NULL, CREW);
    for (int i = 0; i < CREW; i++)
        if (pthread_create(&crew[i], NULL, member,
                           (void *)(uintptr_t)(number * 100 + i)))
            fail("pthread_create");
    for (int i = 0; i < CREW; i++)
        pthread_join(crew[i], NULL);
}

int main(int count, char **arguments)
{
    pid_t pids[PROCESSES];

    rounds = count > 1 ? atoi(arguments[1]) : 60;
    if (rounds == 0)
        return 0;
    end = count > 2 ? seconds_now() + atoi(arguments[2]) : 0;
    for (int i = 0; i < PROCESSES; i++)
        if ((pids[i] = MUST(fork())) == 0) {
            process(i);
            _exit(0);
        }
    for (int i = 0; i < PROCESSES; i++)
        wait_for_child(pids[i], 0);
    say("all have ended");
    return 0;
}
