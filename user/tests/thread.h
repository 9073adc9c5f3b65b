/*
 * What tests of threads need: the futex call, and whether a thread sleeps.
 */
#pragma once

#include "say.h"

#include <sys/syscall.h>

/* The call that takes the C library's struct timespec. */
#ifdef SYS_futex_time64
#define FUTEX_CALL SYS_futex_time64
#else
#define FUTEX_CALL SYS_futex
#endif

/* Whether a thread of this process waits for something now. */
static inline int thread_sleeps(int tid)
{
    char path[64], line[128], state = '?';
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
    file = fopen(path, "r");
    if (file && fgets(line, sizeof line, file))
        sscanf(strrchr(line, ')') + 2, "%c", &state);
    if (file)
        fclose(file);
    return state == 'S';
}
