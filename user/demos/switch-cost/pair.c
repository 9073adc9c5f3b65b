/*
 * The turn is a word in shared memory; who does not have it waits on it in the
 * kernel. One futex serves threads and processes, so that the two differ only
 * in what is switched.
 */
#include "pair.h"

#include "demos/demo.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum side { OURS, THEIRS };

static struct shared {
    atomic_int turn; /* enum side */
    atomic_int stop;
    atomic_int unused;
} * shared;

static void (*their_work)(void);
static pthread_t thread;
static pid_t process;

void pair_make(void)
{
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(shared == MAP_FAILED ? errno : 0, "mmap");
}

static void start(enum kind kind, void *(*side)(void *))
{
    shared->turn = OURS;
    shared->stop = 0;
    process = 0;
    if (kind == THREADS) {
        thread = thread_start(side, NULL);
        return;
    }
    process = fork();
    must(process < 0 ? errno : 0, "fork");
    if (process == 0) {
        side(NULL);
        _exit(0);
    }
}

/* ---- by sched_yield ---- */

static void *yields(void *argument)
{
    while (!shared->stop)
        sched_yield();
    return argument;
}

void pair_start_yielding(enum kind kind)
{
    start(kind, yields);
}

void pair_yield(void)
{
    sched_yield();
}

/* ---- by futex ---- */

static void wake(atomic_int *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void give(enum side to)
{
    shared->turn = to;
    wake(&shared->turn);
}

static void await(enum side side)
{
    while (shared->turn != (int)side)
        syscall(SYS_futex, &shared->turn, FUTEX_WAIT, 1 - side, NULL, NULL, 0);
}

static void *takes_turns(void *argument)
{
    for (;;) {
        await(THEIRS);
        if (shared->stop)
            return argument;
        their_work();
        give(OURS);
    }
}

void pair_start_turns(enum kind kind, void (*work)(void))
{
    their_work = work;
    start(kind, takes_turns);
}

void pair_turn(void)
{
    give(THEIRS);
    await(OURS);
}

void pair_turn_alone(void)
{
    wake(&shared->unused);
}

void pair_end(void)
{
    shared->stop = 1;
    give(THEIRS);
    if (process == 0)
        pthread_join(thread, NULL);
    else
        waitpid(process, NULL, 0);
}
