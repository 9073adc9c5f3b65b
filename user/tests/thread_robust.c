/* Who takes a robust mutex learns that its owner has ended with it, be that a
 * thread or a process that was killed; made consistent it goes on, else nobody
 * gets it any more. */
#include "say.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>

static struct shared {
    pthread_mutex_t mutex, second;
    volatile int step;
} * ours;

static const char *answer(int error)
{
    return error ? error_name(error) : "done";
}

static void mutex_make(pthread_mutex_t *mutex, int protocol)
{
    pthread_mutexattr_t attributes;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    pthread_mutex_init(mutex, &attributes);
}

static void *takes(void *argument)
{
    pthread_mutex_lock(&ours->mutex);
    return argument;
}

/* Without the C library, which would see to the list itself. */
static void *takes_and_vanishes(void *argument)
{
    pthread_mutex_lock(&ours->mutex);
    ours->step = 1;
    syscall(SYS_exit, 0);
    return argument;
}

static void threads_end(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, takes, NULL);
    pthread_join(thread, NULL);
    say("lock: %s", answer(pthread_mutex_lock(&ours->mutex)));
    say("consistent: %s", answer(pthread_mutex_consistent(&ours->mutex)));
    say("unlock: %s", answer(pthread_mutex_unlock(&ours->mutex)));
    say("lock: %s", answer(pthread_mutex_lock(&ours->mutex)));
    say("unlock: %s", answer(pthread_mutex_unlock(&ours->mutex)));
    pthread_create(&thread, NULL, takes_and_vanishes, NULL);
    while (ours->step == 0)
        usleep(1000);
    int error;
    while ((error = pthread_mutex_trylock(&ours->mutex)) == EBUSY)
        usleep(1000);
    say("trylock: %s", answer(error));
    say("unlock: %s", answer(pthread_mutex_unlock(&ours->mutex)));
    say("lock: %s", answer(pthread_mutex_lock(&ours->mutex)));
}

/* The parent waits for the mutex when its owner is killed. */
static void process_is_killed(const char *how, int protocol)
{
    int status;

    say("%s:", how);
    mutex_make(&ours->mutex, protocol);
    mutex_make(&ours->second, protocol);
    ours->step = 0;
    pid_t owner = MUST(fork());
    if (owner == 0) {
        pthread_mutex_lock(&ours->mutex);
        pthread_mutex_lock(&ours->second);
        ours->step = 1;
        for (;;)
            pause();
    }
    while (ours->step == 0)
        usleep(1000);
    pid_t killer = MUST(fork());
    if (killer == 0) {
        usleep(5000);
        kill(owner, SIGKILL);
        _exit(0);
    }
    say("  lock: %s", answer(pthread_mutex_lock(&ours->mutex)));
    say("  consistent: %s", answer(pthread_mutex_consistent(&ours->mutex)));
    say("  unlock: %s", answer(pthread_mutex_unlock(&ours->mutex)));
    say("  the other: %s", answer(pthread_mutex_trylock(&ours->second)));
    say("  unlock: %s", answer(pthread_mutex_unlock(&ours->second)));
    say("  and again: %s", answer(pthread_mutex_lock(&ours->second)));
    MUST(waitpid(owner, &status, 0));
    MUST(waitpid(killer, &status, 0));
}

/* Many wait, one after the other dies with it: each learns of it. */
static void chain(int protocol)
{
    enum { LINKS = 5 };
    pid_t pids[LINKS];
    int status, dead = 0;

    mutex_make(&ours->mutex, protocol);
    for (int i = 0; i < LINKS; i++)
        if ((pids[i] = MUST(fork())) == 0) {
            int error = pthread_mutex_lock(&ours->mutex);
            if (error == EOWNERDEAD)
                pthread_mutex_consistent(&ours->mutex);
            usleep(2000);
            if (error == 0)
                kill(getpid(), SIGKILL);
            syscall(SYS_exit_group, error == EOWNERDEAD);
        }
    for (int i = 0; i < LINKS; i++) {
        MUST(waitpid(pids[i], &status, 0));
        dead += WIFEXITED(status) && WEXITSTATUS(status) == 1;
    }
    say("learned of an owner's death: %d", dead);
}

static void lists(void)
{
    void *head = NULL;
    size_t size = 0;

    TRY(syscall(SYS_get_robust_list, 0, &head, &size));
    say("there is one: %d", head != NULL);
    TRY(syscall(SYS_get_robust_list, 999999, &head, &size));
    TRY(syscall(SYS_set_robust_list, head, 11));
}

int main(void)
{
    ours = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                -1, 0);
    mutex_make(&ours->mutex, PTHREAD_PRIO_NONE);
    threads_end();
    process_is_killed("killed", PTHREAD_PRIO_NONE);
    process_is_killed("killed with a PI mutex", PTHREAD_PRIO_INHERIT);
    chain(PTHREAD_PRIO_NONE);
    chain(PTHREAD_PRIO_INHERIT);
    lists();
    return 0;
}
