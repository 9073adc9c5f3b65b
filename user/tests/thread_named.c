/* Semaphores and shared memory that have a name are the same ones for all who
 * open that, and stay it for them when the name has gone. */
#include "say.h"

#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>

#define SEMAPHORE "/thread_named.semaphore"
#define MEMORY    "/thread_named.memory"
#define ROUNDS    500

static int *memory_open(int flags)
{
    int fd = MUST(shm_open(MEMORY, O_RDWR | flags, 0600));
    int *memory;

    MUST(ftruncate(fd, 4096));
    memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    MUST(close(fd));
    return memory;
}

/* Adds one so often, never between another's look and its store. */
static void count(sem_t *semaphore, volatile int *counter)
{
    for (int i = 0; i < ROUNDS; i++) {
        int before;

        while (sem_wait(semaphore) < 0)
            continue;
        before = *counter;
        if (i % 50 == 0)
            usleep(1000);
        *counter = before + 1;
        sem_post(semaphore);
    }
}

int main(void)
{
    sem_t *semaphore = sem_open(SEMAPHORE, O_CREAT | O_EXCL, 0600, 1);
    int *counter = memory_open(O_CREAT | O_EXCL);
    pid_t child = MUST(fork());

    if (child == 0) {
        sem_t *other = sem_open(SEMAPHORE, 0);
        int *same = memory_open(0);

        TRY(other != SEM_FAILED);
        count(other, same);
        _exit(0);
    }
    count(semaphore, counter);
    MUST(waitpid(child, NULL, 0));
    say("counted to %d", *counter);
    TRY(sem_open(SEMAPHORE, O_CREAT | O_EXCL, 0600, 1) != SEM_FAILED);
    TRY(shm_open(MEMORY, O_RDWR | O_CREAT | O_EXCL, 0600));
    TRY(sem_open(SEMAPHORE, 0) == semaphore);
    TRY(sem_unlink(SEMAPHORE));
    TRY(shm_unlink(MEMORY));
    TRY(sem_open(SEMAPHORE, 0) != SEM_FAILED);
    TRY(shm_open(MEMORY, O_RDWR, 0600));
    TRY(sem_trywait(semaphore));
    TRY(sem_trywait(semaphore));
    say("the memory still holds %d", *counter);
    return 0;
}
