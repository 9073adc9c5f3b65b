/*
 * The life of a thread: made, ended, joined. One that has ended keeps its
 * stack, with its result, until it is joined: nobody can use a stack again
 * that its thread has not left.
 */
#include "uthread/internal.h"

#include <stdlib.h>

static int living = 1; /* the first thread too; lock */

/* Where a new thread begins: whoever switched to it had the lock. */
static void thread_begin(void)
{
    struct uthread *self = thread_now();

    uthread_leave();
    uthread_exit(self->function(self->argument));
}

int uthread_create(struct uthread **thread, void *(*function)(void *),
                   void *argument)
{
    int error = ENOMEM;

    uthread_enter();
    struct uthread *made = uthread_stack_take();
    if (made) {
        *made = (struct uthread){
            .hold = 1,
            .function = function,
            .argument = argument,
        };
        uthread_prepare(made, thread_begin);
        living++;
        *thread = made;
        uthread_wake(made);
        error = 0;
    }
    uthread_leave();
    return error;
}

_Noreturn void uthread_exit(void *result)
{
    struct uthread *self = uthread_enter();

    self->result = result;
    self->ended = true;
    if (self->joiner)
        uthread_wake(self->joiner);
    if (--living == 0) {
        lock_release();
        exit(0);
    }
    uthread_sleep();
    abort(); /* nobody wakes who has ended */
}

int uthread_join(struct uthread *thread, void **result)
{
    struct uthread *self = uthread_enter();
    int error = thread == self ? EDEADLK : thread->joiner ? EINVAL : 0;

    if (error == 0) {
        thread->joiner = self;
        if (!thread->ended)
            uthread_sleep();
        if (result)
            *result = thread->result;
        if (thread->function) /* the first thread has another kind of stack */
            uthread_stack_give(thread);
    }
    uthread_leave();
    return error;
}
