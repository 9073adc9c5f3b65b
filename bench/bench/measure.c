/*
 * The tools of all rows.
 */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

long check(long result, const char *what)
{
    if (result < 0) {
        fprintf(stderr, "bench: %s: %s\n", what, strerror((int)-result));
        exit(1);
    }
    return result;
}

uint64_t samples[SAMPLES_MAX];
uint64_t operations;
char page[PAGE];

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

uint64_t median(int count)
{
    qsort(samples, (size_t)count, sizeof(*samples), compare);
    return samples[count / 2];
}

uint64_t median_of(int count, void (*operation)(void))
{
    uint64_t empty = count_now();
    empty = count_now() - empty;
    operation();
    operations += (uint64_t)count + 1;
    for (int i = 0; i < count; i++) {
        uint64_t start = count_now();
        operation();
        samples[i] = count_now() - start - empty;
    }
    return median(count);
}

void exit_child(void)
{
    call(SYS_exit, 0, 0, 0);
}

void wait_for(long pid)
{
    check(call(SYS_waitpid, pid, 0, 0), "waitpid");
}

void heap_grow(long bytes, int touch)
{
    long end = call(SYS_brk, 0, 0, 0);
    check(call(SYS_brk, end + bytes, 0, 0) == end + bytes ? 0 : -12, "brk");
    for (long at = 0; touch && at < bytes; at += PAGE)
        *(volatile char *)(end + at) = 1;
}

void heap_shrink(long bytes)
{
    call(SYS_brk, call(SYS_brk, 0, 0, 0) - bytes, 0, 0);
}
