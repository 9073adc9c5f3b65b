/* Resource limits stop files, memory and processes from growing. */
#include "say.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define MIB (1024 * 1024)

static volatile int caught;

static void on_signal(int number)
{
    caught = number;
}

static void limit_to(int resource, rlim_t soft)
{
    struct rlimit limit;

    MUST(getrlimit(resource, &limit));
    limit.rlim_cur = soft;
    MUST(setrlimit(resource, &limit));
}

#define WITH_SIGNAL(call)                                                      \
    do {                                                                       \
        caught = 0;                                                            \
        TRY(call);                                                             \
        say("  %s", caught ? signal_name(caught) : "no signal");               \
    } while (0)

static char bytes[8192];

static void file_too_large(void)
{
    int fd = MUST(open("large", O_CREAT | O_RDWR | O_TRUNC, 0644));

    limit_to(RLIMIT_FSIZE, 100);
    MUST(pwrite(fd, bytes, sizeof bytes, 100));
}

static void file_size(void)
{
    int ends[2], fd = MUST(open("file", O_CREAT | O_RDWR, 0644));

    child_run("large", file_too_large);
    handler_set(SIGXFSZ, on_signal, 0);
    limit_to(RLIMIT_FSIZE, 10000);
    WITH_SIGNAL(write(fd, bytes, sizeof bytes));
    WITH_SIGNAL(write(fd, bytes, sizeof bytes));
    WITH_SIGNAL(write(fd, bytes, sizeof bytes));
    WITH_SIGNAL(write(fd, bytes, 0));
    WITH_SIGNAL(pwrite(fd, bytes, 1, 9999));
    WITH_SIGNAL(pwrite(fd, bytes, 1, 10000));
    WITH_SIGNAL(ftruncate(fd, 20000));
    WITH_SIGNAL(truncate("file", 10001));
    WITH_SIGNAL(ftruncate(fd, 10000));
    limit_to(RLIMIT_FSIZE, 5000);
    WITH_SIGNAL(ftruncate(fd, 9000));
    WITH_SIGNAL(pwrite(fd, bytes, 1, 6000));
    WITH_SIGNAL(pwrite(fd, bytes, 100, 4950));
    signal(SIGXFSZ, SIG_IGN);
    TRY(write(fd, bytes, 1));
    MUST(pipe(ends));
    TRY(write(ends[1], bytes, sizeof bytes));
}

static void *map(size_t size, int rights, int flags)
{
    return mmap(NULL, size, rights, flags | MAP_ANONYMOUS, -1, 0);
}

#define TRY_MAP(...)                                                           \
    say("map(" #__VA_ARGS__ "): %s",                                           \
        map(__VA_ARGS__) == MAP_FAILED ? error_name(errno) : "mapped")

static void heap_grow(void)
{
    long end = syscall(SYS_brk, 0);

    say("heap: %s", syscall(SYS_brk, end + 4096) == end ? "as it was" : "more");
}

static void data_size(void)
{
    char *given = map(MIB, PROT_READ, MAP_PRIVATE);

    heap_grow();
    limit_to(RLIMIT_DATA, 4096);
    TRY_MAP(4096, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    TRY_MAP(4096, PROT_READ, MAP_PRIVATE);
    TRY_MAP(4096, PROT_READ | PROT_WRITE, MAP_SHARED);
    TRY(mprotect(given, 4096, PROT_READ | PROT_WRITE));
    TRY(mprotect(given, 4096, PROT_NONE));
    heap_grow();
    limit_to(RLIMIT_DATA, 16 * MIB);
    TRY_MAP(20 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    TRY_MAP(8 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    TRY_MAP(8 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    heap_grow();
}

static int deep(int depth)
{
    volatile char frame[4096];

    frame[0] = depth;
    return depth == 0 ? frame[0] : deep(depth - 1) + frame[0];
}

static void address_space(void)
{
    char *given = map(MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE);

    limit_to(RLIMIT_AS, 32 * MIB);
    TRY_MAP(32 * MIB, PROT_READ, MAP_PRIVATE);
    TRY_MAP(16 * MIB, PROT_READ, MAP_SHARED);
    TRY_MAP(16 * MIB, PROT_NONE, MAP_PRIVATE);
    say("moved: %d",
        mremap(given, MIB, 32 * MIB, MREMAP_MAYMOVE) == MAP_FAILED);
    limit_to(RLIMIT_AS, 0);
    TRY_MAP(4096, PROT_NONE, MAP_PRIVATE);
    heap_grow();
    TRY(munmap(given, MIB));
    deep(250);
    say("not reached");
}

static void birth(const char *when)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    say("%s: %s", when, pid < 0 ? error_name(errno) : "born");
}

/* Root may have more than its limit. A zombie counts until it is waited for. */
static void processes(void)
{
    int status;

    limit_to(RLIMIT_NPROC, 1);
    birth("root's child");
    MUST(wait(&status));
    MUST(setuid(12345));
    birth("no child");
    limit_to(RLIMIT_NPROC, 3);
    birth("first");
    birth("second");
    birth("third");
    MUST(wait(&status));
    birth("one is gone");
    while (wait(&status) > 0)
        ;
}

static void *waits(void *argument)
{
    for (;;)
        pause();
    return argument;
}

/* Each thread counts as a process does. */
static void threads(void)
{
    pthread_t thread;
    int error = 0, count = 1;

    limit_to(RLIMIT_NPROC, 4);
    MUST(setuid(12346));
    while ((error = pthread_create(&thread, NULL, waits, NULL)) == 0)
        count++;
    say("threads: %d, then %s", count, error_name(error));
}

static void signals(void)
{
    const union sigval value = {.sival_int = 1};
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    MUST(sigprocmask(SIG_BLOCK, &set, NULL));
    limit_to(RLIMIT_SIGPENDING, 2);
    TRY(sigqueue(getpid(), SIGRTMIN, value));
    TRY(sigqueue(getpid(), SIGRTMIN, value));
    TRY(sigqueue(getpid(), SIGRTMIN, value));
    TRY(sigwaitinfo(&set, NULL) == SIGRTMIN);
    TRY(sigqueue(getpid(), SIGRTMIN, value));
}

static void core(void)
{
    abort();
}

int main(void)
{
    int status;

    scratch_enter();
    limit_to(RLIMIT_CORE, 0);
    if (fork() == 0)
        core();
    MUST(wait(&status));
    say_status("core", status);
    say("dumped: %d", WCOREDUMP(status) != 0);
    file_size();
    child_run("data", data_size);
    child_run("space", address_space);
    child_run("processes", processes);
    child_run("threads", threads);
    child_run("signals", signals);
    return 0;
}
