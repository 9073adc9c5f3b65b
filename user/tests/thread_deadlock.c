/* The kernel names who waits for whom at PI mutexes, refuses the wait that
 * would close a circle, and tells of that circle with all who are in it. */
/* only: spindle */
#include "thread.h"

#include <pthread.h>
#include <sys/klog.h>
#include <sys/prctl.h>

#define PLACES 3

static const char *const names[PLACES] = {"anna", "bert", "carl"};
static pthread_mutex_t forks[PLACES];
static pthread_barrier_t seated;
static int tids[PLACES], refused, wrong;

static void check(const char *what, int right)
{
    if (!right)
        say("%s is wrong", what);
    wrong += !right;
}

static const char *name_of(int tid)
{
    for (int i = 0; i < PLACES; i++)
        if (tids[i] == tid)
            return names[i];
    return "nobody";
}

static void text_of(char *text, size_t size, const char *start)
{
    FILE *file = fopen("/proc/waits", "r");
    char line[256];

    *text = '\0';
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, start, strlen(start)) == 0)
            snprintf(text, size, "%s", line);
    if (file)
        fclose(file);
}

static void look_at_edge(int from)
{
    int to = (from + 1) % PLACES;
    char start[32], wanted[128], came[256];

    snprintf(start, sizeof start, "%d ", tids[from]);
    snprintf(wanted, sizeof wanted, "%d %s waits for a mutex of %d %s\n",
             tids[from], names[from], tids[to], names[to]);
    text_of(came, sizeof came, start);
    check("who waits", strcmp(came, wanted) == 0);
}

/* The circle begins and ends with who was refused. */
static void look_at_circle(int last)
{
    char wanted[256] = "deadlock: ", came[256], log[16384];
    int size;

    for (int i = 0; i <= PLACES; i++) {
        int tid = tids[(last + i) % PLACES];
        size_t length = strlen(wanted);

        snprintf(wanted + length, sizeof wanted - length, "%s%d %s",
                 i > 0 ? " -> " : "", tid, name_of(tid));
    }
    size = klogctl(3, log, sizeof log - 1);
    log[size > 0 ? size : 0] = '\0';
    check("the log", strstr(log, wanted) != NULL);
    strcat(wanted, "\n");
    text_of(came, sizeof came, "deadlock:");
    check("the circle", strcmp(came, wanted) == 0);
}

static void *dines(void *argument)
{
    int me = (int)(long)argument;
    int right = (me + 1) % PLACES;

    prctl(PR_SET_NAME, names[me]);
    tids[me] = (int)syscall(SYS_gettid);
    pthread_mutex_lock(&forks[me]);
    pthread_barrier_wait(&seated);
    if (pthread_mutex_lock(&forks[right]) != 0) {
        __atomic_add_fetch(&refused, 1, __ATOMIC_SEQ_CST);
        for (int i = 1; i < PLACES; i++)
            while (!thread_sleeps(tids[(me + i) % PLACES]))
                continue;
        for (int i = 1; i < PLACES; i++)
            look_at_edge((me + i) % PLACES);
        look_at_circle(me);
    } else {
        pthread_mutex_unlock(&forks[right]);
    }
    pthread_mutex_unlock(&forks[me]);
    return NULL;
}

int main(void)
{
    pthread_mutexattr_t attributes;
    pthread_t guests[PLACES];
    char line[256];

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    pthread_barrier_init(&seated, NULL, PLACES);
    for (int i = 0; i < PLACES; i++)
        pthread_mutex_init(&forks[i], &attributes);
    for (long i = 0; i < PLACES; i++)
        pthread_create(&guests[i], NULL, dines, (void *)i);
    for (int i = 0; i < PLACES; i++)
        pthread_join(guests[i], NULL);
    check("how many were refused", refused == 1);
    text_of(line, sizeof line, "");
    check("nobody waits any more", strncmp(line, "deadlock:", 9) == 0);
    say(wrong ? "failed" : "pass");
    return 0;
}
