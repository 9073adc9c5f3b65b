/*
 * Two sides that share one CPU, so that whatever runs on the other side has to
 * be switched to: a thread of the same process, or a process of its own. The
 * demo ends where one cannot be made.
 */
#pragma once

enum kind { THREADS, PROCESSES };

/* First, once; on the one CPU where all is to run. */
void pair_make(void);

/* A switch each way by sched_yield: the other side does nothing else. */
void pair_start_yielding(enum kind kind);
void pair_yield(void);

/* A switch each way by futex: gives the turn to the other side, which calls
 * `work`, and returns when it has given it back. */
void pair_start_turns(enum kind kind, void (*work)(void));
void pair_turn(void);

/* The system call of a turn without any switch. */
void pair_turn_alone(void);

void pair_end(void);
