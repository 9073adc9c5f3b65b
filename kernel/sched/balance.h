/*
 * Which CPU a thread runs on.
 *
 * A new thread goes to the CPU with the least load: what its threads count,
 * by nice value where the policy gives shares, else all the same. From then on
 * it stays where it is, for the sake of that CPU's caches, until one of these
 * moves it:
 *   - a CPU with nothing to do takes over a thread that waits elsewhere;
 *   - a tick that finds a thread waiting while a CPU is idle wakes that CPU up
 *     to do so (a thread that waits for less than a tick is not worth moving);
 *   - a tick that finds a thread waiting, where the more urgent come first,
 *     sends it to a CPU that runs a less urgent one;
 *   - the balancer, a kernel thread, evens out what is left some thirty times a
 *     second: of three busy threads on two CPUs one is alone, by turns, and who
 *     has had more of the time lately goes where it gets less.
 * Nothing is moved to where its affinity forbids it to run.
 */
#pragma once

#include "sched/scheduler.h"

/* Where the thread is meant to go; else the CPU with the least load among those
 * where it may run. The thread is in no queue, or its queue's lock is held. */
struct cpu *balance_choose(struct thread *thread);

/* For a CPU with an empty queue: takes over a thread that waits elsewhere.
 * Returns whether there was one. Interrupts off. */
bool balance_steal(struct run_queue *queue);

/* A bit for each CPU that halts (atomic). */
extern volatile u32 idle_cpus;

/* Between these the CPU may be woken up to steal. Interrupts off. */
void balance_idle_begin(const struct cpu *cpu);
void balance_idle_end(const struct cpu *cpu);

/* From the tick of a CPU where threads wait. */
void balance_tick(struct run_queue *queue);

/* Starts the balancer where there is more than one CPU; once all are there. */
void balancer_start(void);
