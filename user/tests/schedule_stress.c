/* Policies, priorities, nice values and affinities change at random under
 * threads that run, sleep, yield, fork and execute: none is lost, and all come
 * to their end. */
/* only: spindle */
/* arguments: 2 */
/* long-arguments: 40 */
/* long-in: smp2 smp4 smp8 kasan */
/* timeout: 120 */
#include "say.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>

enum { CREW = 12, STEPS = 200 };

static const char *const policies[] = {"rr",     "prio", "mlfq",
                                       "stride", "fair", "nonsense"};
static unsigned seed;
static int missing, children;

static unsigned draw(unsigned *state, unsigned below)
{
    *state = *state * 1103515245 + 12345;
    return (*state >> 16) % below;
}

static void compute(unsigned rounds)
{
    for (volatile unsigned i = 0; i < rounds; i++)
        continue;
}

static void policy_change(unsigned *state)
{
    const char *name = policies[draw(state, COUNT(policies))];
    int fd = open("/proc/scheduler", O_WRONLY);
    int written = write(fd, name, strlen(name));

    if (written < 0 && strcmp(name, "nonsense") != 0)
        say("%s: %s", name, error_name(errno));
    close(fd);
}

static void affinity_change(unsigned *state)
{
    unsigned long cpus = draw(state, 256);

    /* None that is there is refused. */
    (void)sched_setaffinity(0, sizeof cpus, (const cpu_set_t *)&cpus);
}

/* musl's own sched_setscheduler only says ENOSYS. */
static int policy_set(int policy, const struct sched_param *parameters)
{
    return (int)syscall(SYS_sched_setscheduler, 0, policy, parameters);
}

/* Real time for a moment, since it starves the others. */
static void real_time(unsigned *state)
{
    struct sched_param real = {.sched_priority = 1 + (int)draw(state, 99)};
    struct sched_param other = {0};

    MUST(policy_set(draw(state, 2) ? SCHED_FIFO : SCHED_RR, &real));
    draw(state, 2) ? (void)usleep(200) : compute(20000);
    MUST(policy_set(SCHED_OTHER, &other));
}

static void nice_change(unsigned *state)
{
    MUST(setpriority(PRIO_PROCESS, 0, (int)draw(state, 40) - 20));
}

static void child(unsigned *state)
{
    int executes = (int)draw(state, 2), status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        if (executes)
            execl("/bin/sh", "sh", "-c", "exit 7", (char *)NULL);
        compute(20000);
        _exit(7);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 7 << 8)
        __atomic_fetch_add(&missing, 1, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&children, 1, __ATOMIC_SEQ_CST);
}

static void sleeps(unsigned *state)
{
    usleep(draw(state, 3000));
}

static void yields(unsigned *state)
{
    (void)state;
    sched_yield();
}

static void computes(unsigned *state)
{
    compute(draw(state, 40000));
}

static void *work(void *number)
{
    static void (*const acts[])(unsigned *) = {
        policy_change, affinity_change, real_time, nice_change, child,
        sleeps,        yields,          computes,  computes};
    unsigned state = seed * CREW + (unsigned)(uintptr_t)number;

    for (int i = 0; i < STEPS; i++)
        acts[draw(&state, COUNT(acts))](&state);
    return number;
}

int main(int count, char **arguments)
{
    unsigned seeds = count > 1 ? (unsigned)atoi(arguments[1]) : 1;
    pthread_t crew[CREW];
    void *result;

    for (seed = 1; seed <= seeds; seed++) {
        for (uintptr_t i = 0; i < CREW; i++)
            MUST(-pthread_create(&crew[i], NULL, work, (void *)i));
        for (uintptr_t i = 0; i < CREW; i++) {
            MUST(-pthread_join(crew[i], &result));
            missing += result != (void *)i;
        }
    }
    if (missing != 0 || children == 0)
        say("%d of %d children or threads are missing", missing, children);
    say(missing == 0 && children != 0 ? "pass" : "fail");
    return missing != 0;
}
