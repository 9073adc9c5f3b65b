/*
 * Busy threads under a policy, and what part of the time each of them gets:
 * for tests of the policies' promises. All start on the CPU of the test, which
 * is more important than all of them.
 */
#pragma once

#include "sched/scheduler.h"
#include "test/test.h"

#define WORKERS   4u
#define MOST      (PRIORITY_NICE_MAX + 99)
#define REAL_TIME (PRIORITY_NICE_MAX + 10)
#define THOUSAND  1000u
#define TOLERANCE 10u   /* thousandths of the whole */
#define SPAN      3000u /* milliseconds */

extern struct test_thread workers[WORKERS];
extern volatile bool workers_stop;

/* Begins a part of a test under this policy, and ends it with the workers that
 * were started. What a policy promises is said for quanta that are all alike.
 */
void policy_begin(const char *name);
void policy_end(u32 count);

/* A busy thread on the CPU of the test, where it has arrived. */
void worker_start(u32 number, u32 priority, bool takes_turns);

/* A busy thread may run on the CPU of the test alone, and has arrived there. */
void worker_bring_here(u32 number);

/* What it has run, in ticks */
u32 ticks_of(u32 number);

/* The ticks that the workers have in so many milliseconds; returns their sum.
 */
u32 ticks_measure(u32 count, u32 milliseconds, u32 *ticks);

/* The workers' parts of the time in thousandths, seen for so long. */
void parts_measure(u32 count, u32 milliseconds, u32 *parts);

/* Fails the test that runs when a part is further off than that. */
void expect_within(u32 came, u32 wanted, u32 tolerance);
