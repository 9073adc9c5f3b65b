/*
 * Demo: five philosophers and five forks, three ways.
 *
 * Left first: each takes the left fork and looks for the right one. When all
 * hold a left fork, all wait for each other. The program notices that nobody
 * eats, shows who waits for whom, as it knows and as the kernel knows
 * (/proc/waits), and ends them all.
 *
 * In order: the lower number first. The last one then takes the fork of the
 * first before its own, so there is no circle to be closed.
 *
 * Refused: the forks are mutexes with PTHREAD_PRIO_INHERIT, whose owner the
 * kernel knows. It refuses (EDEADLK) whoever would wait for itself, and this
 * mutex of type ERRORCHECK says so: that one puts its fork down and begins
 * again. The normal mutex of the first way may not return without the fork, so
 * the C library puts the refused thread to sleep for ever: the kernel then has
 * four waits, and the circle that the fifth would have closed.
 *
 * Each way is a process of its own. The status is 1 if the first way came to
 * its end or another one did not.
 */
#include "demo.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SEATS = 5, MOMENT_US = 1000, PATIENCE_US = 300000 };
enum { NOBODY = -1, STUCK = 2 };

static const struct way {
    const char *name;
    int mutex_type, in_order, deadlocks, meals; /* for each */
} ways[] = {
    {"left first", PTHREAD_MUTEX_NORMAL, 0, 1, 1000},
    {"in order", PTHREAD_MUTEX_NORMAL, 1, 0, 20},
    {"refused", PTHREAD_MUTEX_ERRORCHECK, 0, 0, 20},
};

static struct philosopher {
    pthread_t thread;
    char name[16];
    volatile int tid, meals, refused, wanted; /* a fork, or NOBODY */
} philosophers[SEATS];

static pthread_barrier_t all_sit;
static pthread_mutex_t forks[SEATS];
static volatile int owners[SEATS];

/* ---- a philosopher ---- */

/* False when that would close a circle. */
static int fork_take(struct philosopher *me, int fork)
{
    me->wanted = fork;
    int error = pthread_mutex_lock(&forks[fork]);
    me->wanted = NOBODY;
    if (error == EDEADLK)
        return 0;
    must(error, "a fork");
    owners[fork] = (int)(me - philosophers);
    return 1;
}

static void fork_put(int fork)
{
    owners[fork] = NOBODY;
    pthread_mutex_unlock(&forks[fork]);
}

/* A first fork, a moment later the second one: then it eats. */
static void dine(struct philosopher *me, int first, int second)
{
    if (!fork_take(me, first)) {
        me->refused++;
        return;
    }
    usleep(MOMENT_US);
    if (fork_take(me, second)) {
        usleep(MOMENT_US);
        me->meals++;
        fork_put(second);
    } else {
        me->refused++;
    }
    fork_put(first);
}

static const struct way *way;

static void *lives(void *argument)
{
    struct philosopher *me = argument;
    int left = (int)(me - philosophers), right = (left + 1) % SEATS;
    int swaps = way->in_order && right < left;

    prctl(PR_SET_NAME, me->name);
    me->tid = (int)syscall(SYS_gettid);
    pthread_barrier_wait(&all_sit);
    while (me->meals < way->meals)
        dine(me, swaps ? right : left, swaps ? left : right);
    return NULL;
}

/* ---- who watches them ---- */

static void print_file(const char *path)
{
    char line[256];
    FILE *file = fopen(path, "r");

    if (!file) {
        printf("The kernel has no %s.\n", path);
        return;
    }
    printf("The kernel's %s:\n", path);
    while (fgets(line, sizeof line, file))
        printf("    %s", line);
    fclose(file);
}

static void report_waits(void)
{
    puts("Nobody eats any more. As the program knows:");
    for (struct philosopher *one = philosophers; one < philosophers + SEATS;
         one++) {
        if (one->wanted == NOBODY || owners[one->wanted] == NOBODY)
            continue;
        const struct philosopher *other = &philosophers[owners[one->wanted]];
        printf("    %d %s waits for a mutex of %d %s\n", one->tid, one->name,
               other->tid, other->name);
    }
    print_file("/proc/waits");
}

static int meals_eaten(void)
{
    int sum = 0;

    for (int i = 0; i < SEATS; i++)
        sum += philosophers[i].meals;
    return sum;
}

/* False when nobody has eaten for so long that nobody will. */
static int watch(void)
{
    int before, after = meals_eaten();

    do {
        before = after;
        usleep(PATIENCE_US);
        after = meals_eaten();
    } while (after != before && after < SEATS * way->meals);
    return after == SEATS * way->meals;
}

static void forks_lay(void)
{
    pthread_mutexattr_t attributes;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, way->mutex_type);
    must(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT),
         "priority inheritance");
    for (int i = 0; i < SEATS; i++) {
        pthread_mutex_init(&forks[i], &attributes);
        owners[i] = NOBODY;
    }
}

/* Its end is that of all threads, however they wait. */
static _Noreturn void table_open(void)
{
    int refused = 0, finished;

    forks_lay();
    must(pthread_barrier_init(&all_sit, NULL, SEATS), "a barrier");
    for (int i = 0; i < SEATS; i++) {
        struct philosopher *one = &philosophers[i];
        snprintf(one->name, sizeof one->name, "philosopher-%d", i + 1);
        one->wanted = NOBODY;
        one->thread = thread_start(lives, one);
    }
    finished = watch();
    for (int i = 0; i < SEATS; i++)
        refused += philosophers[i].refused;
    printf("%s: %d of %d meals, %d refused\n", way->name, meals_eaten(),
           SEATS * way->meals, refused);
    if (!finished)
        report_waits();
    exit(finished ? 0 : STUCK);
}

static void explain(void)
{
    puts("Left first: all wait in a circle. In order: no circle can close. "
         "Refused: the kernel\nsees a circle that is about to close, and "
         "refuses the last one, who puts down what\nit has. A normal mutex "
         "cannot say so: there the C library puts the refused one to\nsleep, "
         "and the kernel has four waits, and the circle that it refused.");
}

int main(void)
{
    int status, wrong = 0;

    for (way = ways; way < ways + sizeof ways / sizeof *ways; way++) {
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0)
            table_open();
        if (pid < 0 || waitpid(pid, &status, 0) < 0)
            return perror("philosophers"), 1;
        int deadlock = WIFEXITED(status) && WEXITSTATUS(status) == STUCK;
        printf("%s: %s\n\n", way->name,
               deadlock ? "a deadlock, ended with the process"
                        : "all have eaten");
        wrong += status != (way->deadlocks ? STUCK << 8 : 0);
    }
    explain();
    return wrong != 0;
}
