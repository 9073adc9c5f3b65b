/* Barriers let nobody through before all have come, and name one of them;
 * semaphores count, between threads and between processes. */
#include "say.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <time.h>

#define CREW   5
#define ROUNDS 300

static pthread_barrier_t barrier;
static volatile int arrived[ROUNDS], early;
static int serial;

static void *passes(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        __atomic_fetch_add(&arrived[i], 1, __ATOMIC_SEQ_CST);
        if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
            __atomic_fetch_add(&serial, 1, __ATOMIC_SEQ_CST);
        if (arrived[i] != CREW)
            early++;
    }
    return argument;
}

static sem_t places;
static int inside, most;

static void *enters(void *argument)
{
    for (int i = 0; i < 200; i++) {
        while (sem_wait(&places) < 0)
            ;
        int now = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
        if (now > most)
            most = now;
        if (i % 8 == 0)
            usleep(10);
        __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
        sem_post(&places);
    }
    return argument;
}

static void crew_run(void *(*function)(void *))
{
    pthread_t crew[CREW];

    for (int i = 0; i < CREW; i++)
        pthread_create(&crew[i], NULL, function, NULL);
    for (int i = 0; i < CREW; i++)
        pthread_join(crew[i], NULL);
}

static void between_processes(void)
{
    sem_t *ours = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status;

    sem_init(&ours[0], 1, 0);
    sem_init(&ours[1], 1, 0);
    pid_t pid = MUST(fork());
    for (int i = 0; i < 500; i++) {
        if (pid != 0)
            sem_post(&ours[0]);
        while (sem_wait(&ours[pid != 0]) < 0)
            ;
        if (pid == 0)
            sem_post(&ours[1]);
    }
    if (pid == 0)
        _exit(0);
    MUST(waitpid(pid, &status, 0));
    say_status("the other side", status);
}

int main(void)
{
    struct timespec past = {0, 0};
    int value;

    pthread_barrier_init(&barrier, NULL, CREW);
    crew_run(passes);
    say("one of all was named in %d rounds; early: %d", serial, early);
    sem_init(&places, 0, 2);
    crew_run(enters);
    sem_getvalue(&places, &value);
    say("places left: %d, never more inside: %d", value, most <= 2);
    TRY(sem_trywait(&places));
    TRY(sem_trywait(&places));
    TRY(sem_trywait(&places));
    TRY(sem_timedwait(&places, &past));
    between_processes();
    return 0;
}
