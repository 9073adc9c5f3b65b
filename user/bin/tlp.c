/*
 * tlp: how many CPUs are at work at once while a command runs.
 *
 *   tlp CMD [ARG...]
 *
 * Standard error gets, for the time the command ran: the share of time c_i in
 * which exactly i CPUs were busy, the thread-level parallelism of the textbook,
 * TLP = sum of i * c_i for i >= 1, divided by 1 - c_0, and the time each CPU
 * was busy. All of the machine's work counts, not the command's alone. The
 * exit status is the command's, as a shell says it; 127 and 126 where it is not
 * there or cannot be run, 125 where the kernel does not count.
 *
 * How long each CPU halted the kernel knows exactly. How many were busy at once
 * it samples: each millisecond the lowest-numbered busy CPU counts those that
 * do not halt. A CPU's first tick comes a millisecond after it wakes. So
 * threads that run for many milliseconds are measured well; whoever sleeps
 * again within one is not seen, and a few dozen samples say little. How much of
 * the work the samples met is printed: an emulator that is short of time drops
 * ticks. TLP comes from the samples alone, 1 - c_0 from the exact time by TLP.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CPUS_MAX = 32, NOT_COUNTED = 125 };

/* At one time, or the difference between two. */
struct reading {
    int cpus;
    double time;               /* milliseconds */
    double idle[CPUS_MAX];     /* of which each CPU halted */
    double together[CPUS_MAX]; /* samples that met i + 1 busy CPUs */
};

static bool reading_take(struct reading *reading)
{
    struct timespec now;
    char line[128];
    FILE *counters = fopen("/proc/counters", "r");

    *reading = (struct reading){0};
    while (counters && fgets(line, sizeof line, counters)) {
        unsigned long long value;
        unsigned number;

        if (sscanf(line, "cpu%u_idle %llu", &number, &value) == 2 &&
            number < CPUS_MAX) {
            reading->idle[number] = (double)value / 1e6;
            reading->cpus++;
        } else if (sscanf(line, "busy%u_ticks %llu", &number, &value) == 2 &&
                   number - 1 < CPUS_MAX) {
            reading->together[number - 1] = (double)value;
        }
    }
    if (counters)
        fclose(counters);
    clock_gettime(CLOCK_MONOTONIC, &now);
    reading->time = (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
    return reading->cpus > 0;
}

static void reading_subtract(struct reading *reading,
                             const struct reading *before)
{
    reading->time -= before->time;
    for (int i = 0; i < reading->cpus; i++) {
        reading->idle[i] -= before->idle[i];
        if (reading->idle[i] > reading->time)
            reading->idle[i] = reading->time;
        reading->together[i] -= before->together[i];
    }
}

/* The command's exit status, as a shell says it. */
static int command_run(char **words)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        execvp(words[0], words);
        fprintf(stderr, "tlp: %s: %s\n", words[0], strerror(errno));
        _exit(errno == ENOENT ? 127 : 126);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0) {
        perror("tlp");
        return NOT_COUNTED;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void shares_print(const struct reading *reading, double samples,
                         double some)
{
    fprintf(stderr, "c_0 %6.2f %%\n", 100 * (1 - some));
    for (int i = 0; i < reading->cpus; i++)
        fprintf(stderr, "c_%d %6.2f %%\n", i + 1,
                100 * some * reading->together[i] / samples);
}

static void result_print(const struct reading *reading)
{
    double samples = 0, met = 0, busy = 0;

    for (int i = 0; i < reading->cpus; i++) {
        samples += reading->together[i];
        met += reading->together[i] * (i + 1);
        busy += reading->time - reading->idle[i];
    }
    fprintf(
        stderr, "%.1f ms on %d CPUs, %.0f samples met %.0f %% of the work\n",
        reading->time, reading->cpus, samples, busy > 0 ? 100 * met / busy : 0);
    for (int i = 0; i < reading->cpus; i++)
        fprintf(stderr, "cpu %d busy %.2f ms\n", i,
                reading->time - reading->idle[i]);
    if (samples == 0) {
        fputs("no sample met any work: no TLP\n", stderr);
        return;
    }
    double tlp = met / samples, some = busy / tlp / reading->time;
    shares_print(reading, samples, some < 1 ? some : 1);
    fprintf(stderr, "TLP %.2f\n", tlp);
}

int main(int count, char **words)
{
    struct reading before, after;

    if (count < 2) {
        fputs("usage: tlp CMD [ARG...]\n", stderr);
        return 2;
    }
    if (!reading_take(&before)) {
        fputs("tlp: /proc/counters does not say how many CPUs are busy\n",
              stderr);
        return NOT_COUNTED;
    }
    int status = command_run(words + 1);
    if (!reading_take(&after))
        return NOT_COUNTED;
    reading_subtract(&after, &before);
    result_print(&after);
    return status;
}
