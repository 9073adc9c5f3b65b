/* A thread that holds a PI futex has the priority of the most important who
 * waits for it, along chains, until it gives it back or they give up; the most
 * important gets it, and one that computes in between does not delay that.
 * Plain futexes wake the most important first, too. */
#include "thread.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#define CAST 4

static uint32_t locks[CAST];

static struct actor {
    pthread_t thread;
    int number, policy, priority, tid;
    int takes[2], seconds; /* -1: none; 0: without a timeout */
    int gate[2];
} cast[CAST];

static int come[CAST], order_count;
static char order[CAST + 1];

static long futex(uint32_t *word, int op, const struct timespec *timeout)
{
    return syscall(FUTEX_CALL, word, op | FUTEX_PRIVATE_FLAG, 0, timeout, NULL,
                   0);
}

static long set(int tid, int policy, int priority)
{
    return syscall(SYS_sched_setscheduler, tid, policy, &priority);
}

/* What /proc tells: -1 - its real-time priority. */
static int priority_of(int number)
{
    char path[64], line[512];
    int priority = 99;
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%d/stat", cast[number].tid);
    file = fopen(path, "r");
    if (!file)
        return priority;
    if (fgets(line, sizeof line, file))
        sscanf(strrchr(line, ')') + 2,
               "%*c %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %*d %d",
               &priority);
    fclose(file);
    return priority;
}

/* Takes its locks, and gives them back by turns, one for each byte. */
static void *acts(void *argument)
{
    struct actor *me = argument;
    int number = me->number;
    char byte;

    me->tid = (int)syscall(SYS_gettid);
    MUST(set(0, me->policy, me->priority));
    for (int i = 0; i < 2; i++) {
        struct timespec until;
        if (me->takes[i] < 0)
            continue;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += me->seconds;
        if (futex(&locks[me->takes[i]], FUTEX_LOCK_PI,
                  me->seconds ? &until : NULL) < 0) {
            say("%d gives up: %s", number, error_name(errno));
            me->takes[i] = -1;
        }
    }
    order[order_count++] = (char)('0' + number);
    come[number] = 1;
    for (int i = 1; i >= 0; i--)
        if (me->takes[i] >= 0 && read(me->gate[0], &byte, 1) == 1)
            futex(&locks[me->takes[i]], FUTEX_UNLOCK_PI, NULL);
    return NULL;
}

/* It comes, and waits for a lock or for a nod. */
static void enter(int number, int policy, int priority, int first, int second,
                  int seconds)
{
    struct actor *actor = &cast[number];

    *actor = (struct actor){.number = number,
                            .policy = policy,
                            .priority = priority,
                            .takes = {first, second},
                            .seconds = seconds};
    come[number] = 0;
    MUST(pipe(actor->gate));
    pthread_create(&actor->thread, NULL, acts, actor);
    while (*(volatile int *)&actor->tid == 0 || !thread_sleeps(actor->tid))
        usleep(500);
}

/* One lock is given back; whoever gets it has got so far as to sleep. */
static void nod(int number, int next)
{
    MUST(write(cast[number].gate[1], "", 1));
    if (next < 0)
        return;
    while (!((volatile int *)come)[next] || !thread_sleeps(cast[next].tid))
        usleep(500);
}

static void leave(int count)
{
    for (int i = 0; i < count; i++) {
        pthread_join(cast[i].thread, NULL);
        close(cast[i].gate[0]);
        close(cast[i].gate[1]);
    }
    order[order_count] = '\0';
    say("order: %s", order);
    order_count = 0;
}

static void one(void)
{
    enter(0, SCHED_OTHER, 0, 0, -1, 0);
    say("alone: %d", priority_of(0));
    enter(1, SCHED_FIFO, 10, 0, -1, 0);
    say("lent: %d", priority_of(0));
    enter(2, SCHED_RR, 30, 0, -1, 0);
    say("more: %d", priority_of(0));
    enter(3, SCHED_FIFO, 20, 0, -1, 0);
    say("no more: %d", priority_of(0));
    say("its policy: %ld", syscall(SYS_sched_getscheduler, cast[0].tid));
    nod(0, 2);
    say("the next: %d", priority_of(2));
    nod(2, 3);
    nod(3, 1);
    nod(1, -1);
    leave(4);
}

static void chain(void)
{
    enter(0, SCHED_OTHER, 0, 0, -1, 0);
    enter(1, SCHED_FIFO, 10, 1, 0, 0);
    enter(2, SCHED_FIFO, 20, 2, 1, 0);
    say("so far: %d %d %d", priority_of(0), priority_of(1), priority_of(2));
    enter(3, SCHED_FIFO, 40, 2, -1, 0);
    say("lent: %d %d %d", priority_of(0), priority_of(1), priority_of(2));
    MUST(set(cast[3].tid, SCHED_FIFO, 50));
    say("changed: %d %d %d", priority_of(0), priority_of(1), priority_of(2));
    MUST(set(cast[0].tid, SCHED_RR, 60));
    say("its own: %d", priority_of(0));
    MUST(set(cast[0].tid, SCHED_OTHER, 0));
    say("and not: %d", priority_of(0));
    nod(0, 1);
    say("on: %d %d", priority_of(1), priority_of(2));
    nod(1, -1); /* gives back lock 0, for which nobody waits */
    nod(1, 2);
    nod(2, -1);
    nod(2, 3);
    nod(3, -1);
    leave(4);
}

static void many(void)
{
    enter(0, SCHED_OTHER, 0, 0, 1, 0);
    enter(1, SCHED_FIFO, 10, 0, -1, 0);
    enter(2, SCHED_FIFO, 20, 1, -1, 0);
    say("of two: %d", priority_of(0));
    nod(0, 2);
    say("of one: %d", priority_of(0));
    nod(0, 1);
    nod(1, -1);
    nod(2, -1);
    leave(3);
}

static void given_up(void)
{
    enter(0, SCHED_OTHER, 0, 0, -1, 0);
    enter(1, SCHED_FIFO, 20, 0, -1, 1);
    say("lent: %d", priority_of(0));
    pthread_join(cast[1].thread, NULL);
    say("taken back: %d", priority_of(0));
    nod(0, -1);
    leave(1);
}

/* ---- plain futexes: nothing to lend, but an order ---- */

static uint32_t word;

static void *sleeps(void *argument)
{
    struct actor *me = argument;

    MUST(set(0, me->policy, me->priority));
    me->tid = (int)syscall(SYS_gettid);
    futex(&word, FUTEX_WAIT, NULL);
    order[order_count++] = (char)('0' + me->number);
    ((volatile int *)come)[me->number] = 1;
    return NULL;
}

static void woken(void)
{
    static const int priorities[CAST] = {10, 30, 0, 20};

    for (int i = 0; i < CAST; i++) {
        cast[i] =
            (struct actor){.number = i,
                           .policy = priorities[i] ? SCHED_FIFO : SCHED_OTHER,
                           .priority = priorities[i],
                           .gate = {-1, -1}};
        come[i] = 0;
        pthread_create(&cast[i].thread, NULL, sleeps, &cast[i]);
        while (*(volatile int *)&cast[i].tid == 0 ||
               !thread_sleeps(cast[i].tid))
            usleep(500);
    }
    for (int i = 0; i < CAST; i++) {
        syscall(FUTEX_CALL, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL,
                NULL, 0);
        while (((volatile int *)&order_count)[0] <= i)
            usleep(500);
    }
    leave(CAST);
}

/* ---- the inversion ---- */

static volatile int done, seen = -1;

static void *computes(void *argument)
{
    MUST(set(0, SCHED_FIFO, 20));
    for (volatile int i = 0; i < 30000000 && !done; i++)
        ;
    seen = done;
    return argument;
}

static void *holds(void *argument)
{
    futex(&locks[0], FUTEX_LOCK_PI, NULL);
    while (!(*(volatile uint32_t *)&locks[0] & FUTEX_WAITERS))
        ;
    for (volatile int i = 0; i < 100000; i++)
        ;
    futex(&locks[0], FUTEX_UNLOCK_PI, NULL);
    return argument;
}

static void *wants(void *argument)
{
    MUST(set(0, SCHED_FIFO, 30));
    futex(&locks[0], FUTEX_LOCK_PI, NULL);
    done = 1;
    futex(&locks[0], FUTEX_UNLOCK_PI, NULL);
    return argument;
}

/* One CPU; the director is the most important, so the others come to run
 * only when it waits. */
static void inversion(void)
{
    pthread_t low, middle, high;
    cpu_set_t first;
    int cpu = sched_getcpu();

    CPU_ZERO(&first);
    CPU_SET(cpu, &first);
    MUST(sched_setaffinity(0, sizeof first, &first));
    pthread_create(&low, NULL, holds, NULL);
    while (*(volatile uint32_t *)&locks[0] == 0)
        usleep(500);
    MUST(set(0, SCHED_FIFO, 50));
    pthread_create(&middle, NULL, computes, NULL);
    pthread_create(&high, NULL, wants, NULL);
    pthread_join(high, NULL);
    say("it did not wait for who computes: %d", done && seen != 0);
    pthread_join(middle, NULL);
    pthread_join(low, NULL);
    say("that one saw it done: %d", seen);
    MUST(set(0, SCHED_OTHER, 0));
}

int main(void)
{
    one();
    chain();
    many();
    given_up();
    woken();
    inversion();
    return 0;
}
