/*
 * The run queue and the switch: who is ready stands in one line, for all
 * carriers, and whoever leaves goes on with the first.
 */
#include "uthread/internal.h"

/* From one stack to another; see switch.asm. */
void uthread_context_switch(struct uthread *from, struct uthread *to)
    __attribute__((regparm(2)));

__thread struct uthread *uthread_current;
__thread struct carrier *uthread_carrier;
struct uthread_queue uthread_ready;

struct uthread *uthread_self(void)
{
    return thread_now();
}

/* ---- into the library and out -------------------------------------------- */

void uthread_hold(void)
{
    hold_raise(thread_now());
}

static inline void hold_release(struct uthread *self)
{
    if (hold_lower(self))
        uthread_preempt_now(self);
}

void uthread_release(void)
{
    hold_release(thread_now());
}

static inline void enter(void)
{
    hold_raise(thread_now());
    lock_take();
}

static inline void leave(void)
{
    lock_release();
    hold_release(thread_now());
}

struct uthread *uthread_enter(void)
{
    enter();
    return thread_now();
}

void uthread_leave(void)
{
    leave();
}

/* ---- the switch ---------------------------------------------------------- */

/* A signal between the first two lines finds `next`, which holds preemption off
 * as all do that do not run. */
void uthread_switch(struct uthread *self, struct uthread *next)
{
    thread_now_is(next);
    uthread_context_switch(self, next);
    hold_none_due(self);
}

void uthread_yield(void)
{
    struct uthread *self = thread_now();

    hold_raise(self);
    lock_take();
    if (uthread_ready.last)
        uthread_switch(self, queue_exchange(&uthread_ready, self));
    lock_release();
    hold_release(self);
}

void uthread_sleep(void)
{
    struct uthread *next = queue_take(&uthread_ready);

    if (!next) {
        uthread_processor_drop();
        next = carrier_now()->idle;
    }
    uthread_switch(thread_now(), next);
}

void uthread_wake(struct uthread *thread)
{
    queue_add(&uthread_ready, thread);
    if (uthread_processor_is_free())
        uthread_processor_give();
}

/* ---- the first switch to a stack ----------------------------------------- */

/* What uthread_context_switch takes from a stack, and what the function that it
 * returns to finds: a call that comes from nowhere. */
struct first_frame {
    unsigned edi, esi, ebx, ebp;
    void (*entry)(void);
    void *from;
};

void uthread_prepare(struct uthread *made, void (*entry)(void))
{
    /* At an entry, esp + 4 is a multiple of 16. */
    char *from = (char *)((unsigned long)made & -16ul) - 20;
    struct first_frame *frame =
        (void *)(from - offsetof(struct first_frame, from));

    *frame = (struct first_frame){.entry = entry};
    made->stack_pointer = frame;
    __asm__("fnstcw %0" : "=m"(made->control_word));
}
