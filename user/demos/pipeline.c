/*
 * Demo: a pipeline, as a shell builds it.
 *
 * Two pipes connect three processes: one writes numbers, one squares them, one
 * adds them up. No one knows the others; each reads from a descriptor and
 * writes to another. A reader sees the end of file when the last writer has
 * closed, so every process first closes the ends that are not its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NUMBERS = 1000 };

static void numbers_write(FILE *in, FILE *out)
{
    (void)in;
    for (int i = 1; i <= NUMBERS; i++)
        fprintf(out, "%d\n", i);
}

static void numbers_square(FILE *in, FILE *out)
{
    long number;

    while (fscanf(in, "%ld", &number) == 1)
        fprintf(out, "%ld\n", number * number);
}

static void numbers_add(FILE *in, FILE *out)
{
    long number, sum = 0;

    while (fscanf(in, "%ld", &number) == 1)
        sum += number;
    fprintf(out, "The squares of 1 to %d add up to %ld.\n", NUMBERS, sum);
}

/* Runs a stage between `in` and `out`, in a process of its own. */
static void stage_start(void (*work)(FILE *, FILE *), int in, int out,
                        int other)
{
    pid_t pid = fork();

    if (pid < 0) {
        perror("fork");
        exit(1);
    }
    if (pid == 0) {
        FILE *output = fdopen(out, "w");

        close(other);
        work(fdopen(in, "r"), output);
        fclose(output);
        _exit(0);
    }
}

int main(void)
{
    int first[2], second[2], status, failed = 0;

    if (pipe(first) < 0)
        return perror("pipe"), 1;
    stage_start(numbers_write, 0, first[1], first[0]);
    close(first[1]);
    if (pipe(second) < 0)
        return perror("pipe"), 1;
    stage_start(numbers_square, first[0], second[1], second[0]);
    close(first[0]);
    close(second[1]);
    stage_start(numbers_add, second[0], 1, -1);
    close(second[0]);
    while (wait(&status) > 0)
        failed += status != 0;
    puts("Three processes ran side by side; only bytes passed between them.");
    return failed != 0;
}
