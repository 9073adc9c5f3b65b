/*
 * Carriers: the kernel threads, and what each of them is doing.
 *
 * uthread_start's number is that of the processors there are to give away: a
 * carrier that runs threads has one. As long as a thread is ready and one is
 * free, a spare gets it. In many-to-one there is no spare: with its only
 * carrier in the kernel, all wait.
 */
#include "uthread/internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CARRIERS_MAX = 256, OWN_STACK = 16384 };

struct carrier uthread_carriers[CARRIERS_MAX];
volatile int uthread_carriers_count; /* so many are there; lock, handlers */
static int carriers_limit;           /* fixed, as is the next */
static int processors;
static int running;            /* processors given away; lock */
static int in_kernel;          /* carriers between the calls; lock */
static struct carrier *spares; /* linked; lock */

/* ---- processors; lock held ----------------------------------------------- */

bool uthread_processor_is_free(void)
{
    return running < processors;
}

void uthread_processor_drop(void)
{
    static const char text[] = "uthread: all threads wait for one another\n";

    if (--running == 0 && in_kernel == 0 && !uthread_ready.last) {
        (void)!write(2, text, sizeof text - 1);
        abort();
    }
}

/* ---- a carrier's own stack ----------------------------------------------- */

/* Until uthread_processor_give; lock held before and after. */
static void spare_wait(struct carrier *self)
{
    self->given = 0;
    self->link = spares;
    spares = self;
    lock_release();
    while (!__atomic_load_n(&self->given, __ATOMIC_SEQ_CST))
        uthread_word_wait(&self->given, 0);
    lock_take();
}

/* With a processor; afterwards it is lost, and the lock held again: a thread
 * found nobody to go on with, or came back from the kernel and found all
 * processors taken. */
static void threads_run(struct carrier *self)
{
    struct uthread *next = queue_take(&uthread_ready);

    if (!next) {
        uthread_processor_drop();
        return;
    }
    self->runs = true;
    uthread_switch(self->idle, next);
    self->runs = false;
}

static void carrier_loop(void)
{
    for (;;) {
        spare_wait(carrier_now());
        threads_run(carrier_now());
    }
}

static void carrier_begin(struct carrier *self)
{
    uthread_carrier = self;
    self->number = (int)syscall(SYS_gettid);
}

static void *carrier_main(void *argument)
{
    struct carrier *self = argument;

    carrier_begin(self);
    thread_now_is(self->idle);
    lock_take();
    threads_run(self);
    carrier_loop();
    return NULL;
}

/* ---- more of them -------------------------------------------------------- */

/* A new kernel thread, which has a processor; false when there can be none.
 * Lock held: it waits for that first of all. */
static bool carrier_make(void)
{
    struct carrier *made = &uthread_carriers[uthread_carriers_count];
    pthread_attr_t attributes;
    pthread_t thread;

    if (uthread_carriers_count == carriers_limit)
        return false;
    made->own.hold = 1;
    made->idle = &made->own;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, OWN_STACK);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, carrier_main, made) != 0)
        return false;
    uthread_carriers_count++;
    running++;
    return true;
}

/* Where no kernel thread can be had, the processor stays free until a thread
 * comes back from the kernel. */
void uthread_processor_give(void)
{
    struct carrier *spare = spares;

    if (!spare) {
        (void)carrier_make();
        return;
    }
    spares = spare->link;
    running++;
    __atomic_store_n(&spare->given, 1, __ATOMIC_SEQ_CST);
    uthread_word_wake(&spare->given);
}

/* It is for exec, and has one kernel thread, whatever the parent's had. */
static void child_begin(void)
{
    thread_now_is(NULL);
}

int uthread_start(int kernel_threads)
{
    static struct uthread first = {.hold = 1};
    struct carrier *self = &uthread_carriers[0];

    if (kernel_threads < 1 || kernel_threads > CARRIERS_MAX || processors)
        return EINVAL;
    self->idle = uthread_stack_take();
    if (!self->idle || pthread_atfork(NULL, NULL, child_begin) != 0)
        return ENOMEM;
    *self->idle = (struct uthread){.hold = 1};
    uthread_prepare(self->idle, carrier_loop);
    carrier_begin(self);
    self->runs = true;
    thread_now_is(&first);
    uthread_carriers_count = running = 1;
    processors = kernel_threads;
    carriers_limit = kernel_threads == 1 ? 1 : CARRIERS_MAX;
    uthread_release();
    return 0;
}

/* ---- into the kernel and back -------------------------------------------- */

/* Preemption stays off until the end: the thread must not be taken from this
 * carrier, on whose way out of the kernel it stands. */
void uthread_blocking_begin(void)
{
    (void)uthread_enter();
    carrier_now()->runs = false;
    running--;
    in_kernel++;
    if (uthread_ready.last)
        uthread_processor_give();
    lock_release();
    uthread_timer_block(true);
}

void uthread_blocking_end(void)
{
    struct uthread *self = thread_now();
    struct carrier *carrier = carrier_now();
    int error = uthread_errno_get();

    uthread_timer_block(false);
    lock_take();
    in_kernel--;
    if (uthread_processor_is_free()) {
        running++;
        carrier->runs = true;
    } else {
        queue_add(&uthread_ready, self);
        uthread_switch(self, carrier->idle);
    }
    uthread_errno_set(error);
    uthread_leave();
}
