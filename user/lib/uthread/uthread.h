/*
 * Threads in user space: one interface, two models, one implementation.
 *
 *   uthread_start(1)   many-to-one: all threads run on one kernel thread
 *   uthread_start(N)   many-to-many: on N kernel threads at a time
 *
 * A switch is a function call: no system call, 40 instructions in all. The
 * kernel sees only its own threads, so a thread that blocks in the kernel
 * takes its kernel thread along. In many-to-one all others then wait too. In
 * many-to-many a thread in a call that may block keeps the kernel thread it is
 * on, and another one, kept in reserve or made now, goes on with those that are
 * ready. The library hears of such calls from libc, in a program that is linked
 * with -Wl,--wrap=__syscall_cp (blocking.c); round what is no such call, as
 * stdio's input, stand uthread_blocking_begin and _end. Why not upcalls: the
 * kernel would have to tell each time that a thread blocks, on a stack of its
 * own, and again that it has woken. This says it before it happens, and needs
 * nothing from the kernel. Where no kernel thread can be made, or 256 are
 * there, the others wait.
 *
 * What a caller keeps to:
 * - uthread_start comes first, once; whoever calls it is the first thread.
 *   main's return ends all. The last uthread_exit ends the process with 0.
 * - Each thread is joined, by one other; until then it keeps its stack: 64 KiB,
 *   the lowest page a guard. Functions that can fail return 0 or an error.
 * - None of these functions is called in a signal handler. fork is for exec.
 * - What belongs to kernel threads is no thread's own: __thread variables, the
 *   signal mask, tid. errno is kept when the timer switches and across
 *   uthread_blocking_end, not across other switches. A pointer to errno, which
 *   a compiler may keep, is stale after one: read errno right after the call.
 * - Registers are kept, and the x87 control word, since both survive a call;
 *   all other FPU and SSE state is dead at a call, and the kernel saves it in
 *   the frame of the signal that preempts. MXCSR is not kept, since not every
 *   CPU has it: leave it as it is.
 * - With preemption on, a thread may lose the processor anywhere, also inside
 *   malloc or stdio, whose locks know only kernel threads: hold preemption off
 *   there, and in many-to-many also from a call until its errno is read, and
 *   while a pthread mutex is held across a call that may block.
 * - When every thread waits for another, the process says so and aborts.
 */
#pragma once

struct uthread;

/* Threads that wait, the first to come first. All zero is empty. */
struct uthread_queue {
    struct uthread *last; /* whose link is the first */
};

int uthread_start(int kernel_threads);

int uthread_create(struct uthread **thread, void *(*function)(void *),
                   void *argument);
/* EDEADLK: it is the caller; EINVAL: somebody else waits for it. */
int uthread_join(struct uthread *thread, void **result);
_Noreturn void uthread_exit(void *result);
void uthread_yield(void);
struct uthread *uthread_self(void);

/* All zero is free. The one who unlocks hands it to who has waited longest. */
struct uthread_mutex {
    struct uthread *owner;
    struct uthread_queue waiting;
};

int uthread_mutex_lock(struct uthread_mutex *mutex);    /* EDEADLK: owns it */
int uthread_mutex_trylock(struct uthread_mutex *mutex); /* EBUSY */
int uthread_mutex_unlock(struct uthread_mutex *mutex);  /* EPERM: not his */

/* All zero is ready for use. Nobody wakes unasked, but another may have the
 * mutex between the signal and the wake: look again, in a loop. */
struct uthread_condition {
    struct uthread_queue waiting;
};

/* EPERM: the mutex is not the caller's. */
int uthread_condition_wait(struct uthread_condition *condition,
                           struct uthread_mutex *mutex);
void uthread_condition_signal(struct uthread_condition *condition);
void uthread_condition_broadcast(struct uthread_condition *condition);

/* Round what may block beside libc's own such calls, where nothing that holds
 * preemption off stands. Preemption is held off between them. */
void uthread_blocking_begin(void);
void uthread_blocking_end(void);

/* Preemption by an interval timer, off at first; 0 turns it off again. The
 * quantum is time in user code of all kernel threads together: who sleeps is
 * not interrupted. Uses SIGVTALRM. */
int uthread_preempt(long microseconds);

/* Preemption held off; nests. A switch that fell due happens at the release. */
void uthread_hold(void);
void uthread_release(void);
