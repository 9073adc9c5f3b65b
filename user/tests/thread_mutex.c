/* Mutexes of each type keep others out and answer misuse as POSIX says;
 * mutexes that two processes share keep both out. */
#include "say.h"

#include <pthread.h>
#include <sys/mman.h>
#include <time.h>

#define CREW   4
#define ROUNDS 2000

static pthread_mutex_t mutex;
static volatile int counter;

static const char *answer(int error)
{
    return error ? error_name(error) : "done";
}

static void mutex_make(int type, int shared)
{
    pthread_mutexattr_t attributes;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutexattr_setpshared(&attributes, shared);
    pthread_mutex_init(&mutex, &attributes);
}

static void *adds(void *argument)
{
    pthread_mutex_t *which = argument;

    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(which);
        int seen = counter;
        if (i % 64 == 0)
            sched_yield();
        counter = seen + 1;
        pthread_mutex_unlock(which);
    }
    return NULL;
}

static void crew_adds(void)
{
    pthread_t crew[CREW];

    counter = 0;
    for (int i = 0; i < CREW; i++)
        pthread_create(&crew[i], NULL, adds, &mutex);
    for (int i = 0; i < CREW; i++)
        pthread_join(crew[i], NULL);
    say("counted: %d", counter);
}

static void *other(void *argument)
{
    struct timespec soon;

    (void)argument;
    say("  another's trylock: %s", answer(pthread_mutex_trylock(&mutex)));
    say("  another's unlock: %s", answer(pthread_mutex_unlock(&mutex)));
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec += 2000000;
    soon.tv_sec += soon.tv_nsec / 1000000000;
    soon.tv_nsec %= 1000000000;
    say("  another's timedlock: %s",
        answer(pthread_mutex_timedlock(&mutex, &soon)));
    return NULL;
}

static void from_another(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, other, NULL);
    pthread_join(thread, NULL);
}

static void checks(const char *name, int type)
{
    say("%s:", name);
    mutex_make(type, PTHREAD_PROCESS_PRIVATE);
    crew_adds();
    pthread_mutex_lock(&mutex);
    say("  own trylock: %s", answer(pthread_mutex_trylock(&mutex)));
    if (type != PTHREAD_MUTEX_NORMAL) {
        say("  own lock: %s", answer(pthread_mutex_lock(&mutex)));
        from_another();
    }
    pthread_mutex_unlock(&mutex);
    if (type == PTHREAD_MUTEX_RECURSIVE) {
        say("  unlock: %s", answer(pthread_mutex_unlock(&mutex)));
        say("  unlock: %s", answer(pthread_mutex_unlock(&mutex)));
    }
    if (type != PTHREAD_MUTEX_NORMAL)
        say("  one too many: %s", answer(pthread_mutex_unlock(&mutex)));
    say("  destroy: %s", answer(pthread_mutex_destroy(&mutex)));
}

/* The page lies at another address in the child. */
static void between_processes(void)
{
    struct {
        pthread_mutex_t mutex;
        int count;
    } * ours, *again;
    pthread_mutexattr_t attributes;
    int status;

    ours = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                -1, 0);
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&ours->mutex, &attributes);
    pid_t pid = MUST(fork());
    again = ours;
    if (pid == 0)
        again = mremap(ours, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED,
                       (char *)ours - (64 << 20));
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&again->mutex);
        int seen = again->count;
        if (i % 16 == 0)
            sched_yield();
        again->count = seen + 1;
        pthread_mutex_unlock(&again->mutex);
    }
    if (pid == 0)
        _exit(0);
    MUST(waitpid(pid, &status, 0));
    say("two processes counted: %d", ours->count);
}

int main(void)
{
    checks("normal", PTHREAD_MUTEX_NORMAL);
    checks("recursive", PTHREAD_MUTEX_RECURSIVE);
    checks("error checking", PTHREAD_MUTEX_ERRORCHECK);
    between_processes();
    return 0;
}
