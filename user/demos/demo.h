/*
 * What demos share: time, work, threads, and the CPUs that they may use. Where
 * the system refuses, the demo says what and ends with status 1.
 */
#pragma once

#define _GNU_SOURCE 1

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Zero, or an errno. */
static inline void must(int error, const char *what)
{
    if (error) {
        fprintf(stderr, "%s: %s\n", what, strerror(error));
        exit(1);
    }
}

/* Nanoseconds. */
static inline double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* Neither sleeps nor yields. */
static inline void compute(int rounds)
{
    for (volatile int i = 0; i < rounds; i++)
        ;
}

static inline pthread_t thread_start(void *(*function)(void *), void *argument)
{
    pthread_t thread;

    must(pthread_create(&thread, NULL, function, argument), "a thread");
    return thread;
}

static inline int cpu_count(void)
{
    cpu_set_t set;

    return sched_getaffinity(0, sizeof set, &set) < 0 ? 1 : CPU_COUNT(&set);
}

/* So will threads and processes that the caller makes. */
static inline void stay_on_one_cpu(void)
{
    cpu_set_t all, one;

    sched_getaffinity(0, sizeof all, &all);
    CPU_ZERO(&one);
    for (int cpu = 0; CPU_COUNT(&one) == 0; cpu++)
        if (CPU_ISSET(cpu, &all))
            CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
}
