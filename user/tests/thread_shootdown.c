/* When mprotect, munmap, mremap, madvise or fork have returned, or a shared
 * page has been copied, no thread of the process writes or reads by a
 * translation from before, whatever CPU it runs on. */
#include "say.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <sys/mman.h>

/* On one CPU each round waits for turns of the writer, and shows less. */
enum { ROUNDS = 100, ROUNDS_ALONE = 30, GLANCES = 20000 };

static atomic_uintptr_t word; /* where the writer writes */
static atomic_ulong writes;
static atomic_int faults, answered, over;
static atomic_int reads, seen; /* it reads there instead, and what */
static sigjmp_buf escape;      /* the writer's */

static void on_fault(int number)
{
    (void)number;
    siglongjmp(escape, 1);
}

static void keep_to_cpu(int cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (cpu < sysconf(_SC_NPROCESSORS_ONLN))
        MUST(sched_setaffinity(0, sizeof set, &set));
}

/* Writes without end; after a fault it goes on when that has been answered. */
static void *writer(void *unused)
{
    (void)unused;
    keep_to_cpu(1);
    if (sigsetjmp(escape, 1) != 0)
        faults++;
    while (answered < faults)
        sched_yield();
    while (!over) {
        if (reads)
            seen = *(volatile int *)word;
        else
            ++*(volatile int *)word;
        writes++;
    }
    return NULL;
}

/* Until the writer has written, or read, since. */
static void writer_await(void)
{
    unsigned long before = writes;

    while (writes < before + 2)
        sched_yield();
}

static void fault_await(void)
{
    while (faults == answered)
        sched_yield();
}

/* Does a number that nobody may write stay as it is, for a while? */
static int stays(const volatile int *place)
{
    int before = *place;

    for (int i = 0; i < GLANCES; i++)
        if (*place != before)
            return 0;
    return 1;
}

/* A fresh page in another place than the one before: all are in here. */
static int *page_new(void)
{
    static char arena[3 * 4096] __attribute__((aligned(4096)));
    static int number;
    char *where = arena + 8192 * (number++ % 2);

    return mmap(where, 4096, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static int protected_stays(void)
{
    int *place = (int *)word;

    MUST(mprotect(place, 4096, PROT_READ));
    int good = stays(place);
    fault_await();
    MUST(mprotect(place, 4096, PROT_READ | PROT_WRITE));
    answered++;
    return good;
}

/* The writer faults where it was, and goes on in a page that it must not have
 * written to before. */
static int goes_on_in(int *fresh)
{
    int good = stays(fresh);

    fault_await();
    word = (uintptr_t)fresh;
    answered++;
    return good;
}

/* A page that comes next may get the frame that was given back. */
static int unmapped_is_gone(void)
{
    MUST(munmap((int *)word, 4096));
    return goes_on_in(page_new());
}

static int child_is_apart(void)
{
    int status;
    pid_t child = MUST(fork());

    if (child == 0)
        _exit(!stays((int *)word));
    MUST(waitpid(child, &status, 0));
    return status == 0;
}

static int moved_stays(void)
{
    int *fresh = page_new();

    MUST((intptr_t)mremap((int *)word, 4096, 4096,
                          MREMAP_MAYMOVE | MREMAP_FIXED, fresh));
    return goes_on_in(fresh);
}

/* What is written while a child has the page too goes to a copy of it. */
static int copy_is_seen(void)
{
    volatile int *place = (int *)word;
    int number = *place + 1;
    pid_t child = MUST(fork());

    if (child == 0)
        for (;;)
            pause();
    writer_await();
    *place = number;
    writer_await();
    int good = seen == number;
    MUST(kill(child, SIGKILL));
    MUST(waitpid(child, NULL, 0));
    return good;
}

static int fresh_is_seen(void)
{
    *(volatile int *)word = 7;
    writer_await();
    int good = seen == 7;
    MUST(madvise((int *)word, 4096, MADV_DONTNEED));
    writer_await();
    return good && seen == 0;
}

static void rounds(const char *what, int (*round)(void))
{
    int wrong = 0;
    int count = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? ROUNDS : ROUNDS_ALONE;

    for (int i = 0; i < count; i++) {
        writer_await();
        wrong += !round();
    }
    say("%s; wrong: %d", what, wrong);
}

int main(void)
{
    pthread_t thread;

    keep_to_cpu(0);
    signal(SIGSEGV, on_fault);
    word = (uintptr_t)page_new();
    MUST(pthread_create(&thread, NULL, writer, NULL));
    rounds("nobody writes to what is protected", protected_stays);
    rounds("nobody writes to what is unmapped", unmapped_is_gone);
    rounds("nobody writes to what a child has", child_is_apart);
    rounds("nobody writes to what has moved away", moved_stays);
    reads = 1;
    rounds("the copy of a page is seen", copy_is_seen);
    rounds("the fresh page for one given back is seen", fresh_is_seen);
    over = 1;
    pthread_join(thread, NULL);
    return 0;
}
