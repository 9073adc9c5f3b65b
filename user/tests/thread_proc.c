/* /proc tells how many threads a process has, lists them, and knows the name
 * and the state of each. */
#include "say.h"

#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define CREW 3

static pid_t tids[CREW];
static pthread_barrier_t step;

static void *member(void *argument)
{
    int number = (int)(intptr_t)argument;
    char name[16];

    snprintf(name, sizeof name, "crew-%d", number);
    prctl(PR_SET_NAME, name);
    tids[number] = (pid_t)syscall(SYS_gettid);
    pthread_barrier_wait(&step);
    pthread_barrier_wait(&step);
    return argument;
}

static int listed(void)
{
    DIR *directory = opendir("/proc/self/task");
    struct dirent *entry;
    int count = 0;

    while (directory && (entry = readdir(directory)))
        count += entry->d_name[0] != '.';
    if (directory)
        closedir(directory);
    return count;
}

/* Lines of a status file that do not differ between systems. */
static void status_say(const char *path, pid_t tid)
{
    char line[256], name[32];
    int number;
    FILE *file = fopen(path, "r");

    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "Threads:", 8) == 0 ||
            (strncmp(line, "Name:", 5) == 0 && tid != getpid()))
            say("%s", line);
        if (sscanf(line, "%31s %d", name, &number) == 2) {
            if (strcmp(name, "Pid:") == 0)
                say("Pid is the thread's: %d", number == tid);
            if (strcmp(name, "Tgid:") == 0)
                say("Tgid is the process's: %d", number == getpid());
        }
    }
    if (file)
        fclose(file);
}

/* Comes back when /proc says that the process is in this state, though this
 * thread runs. */
static void *state_awaited(void *state)
{
    char letter;

    do {
        FILE *file = fopen("/proc/self/stat", "r");

        if (!file || fscanf(file, "%*d (%*[^)]) %c", &letter) != 1)
            must("fscanf", -1);
        fclose(file);
        sched_yield();
    } while (letter != *(char *)state);
    say("state of the process: %c", letter);
    if (letter == 'Z')
        exit(0);
    return NULL;
}

int main(void)
{
    pthread_t crew[CREW];
    char path[64];

    pthread_barrier_init(&step, NULL, CREW + 1);
    say("listed: %d", listed());
    for (int i = 0; i < CREW; i++)
        pthread_create(&crew[i], NULL, member, (void *)(intptr_t)i);
    pthread_barrier_wait(&step);
    say("listed: %d", listed());
    status_say("/proc/self/status", getpid());
    for (int i = 0; i < CREW; i++) {
        snprintf(path, sizeof path, "/proc/self/task/%d/status", tids[i]);
        status_say(path, tids[i]);
    }
    say("another process's thread is none of ours: %d",
        access("/proc/self/task/1", F_OK));
    pthread_barrier_wait(&step);
    for (int i = 0; i < CREW; i++)
        pthread_join(crew[i], NULL);
    while (listed() != 1)
        usleep(1000);
    say("listed: %d", listed());
    pthread_create(&crew[0], NULL, state_awaited, "S");
    pthread_join(crew[0], NULL);
    pthread_create(&crew[0], NULL, state_awaited, "Z");
    pthread_exit(NULL);
}
