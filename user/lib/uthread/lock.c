/*
 * The lock of the library where it is not free, and words to sleep on.
 */
#include "uthread/lock.h"

#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TRIES = 100 };

unsigned uthread_lock_word;

void uthread_word_wait(unsigned *word, unsigned value)
{
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL);
}

void uthread_word_wake(unsigned *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1);
}

/* Who has it is about to release it, if only its kernel thread runs. */
static _Bool lock_free_soon(void)
{
    for (int i = 0; i < TRIES; i++) {
        if (!(__atomic_load_n(&uthread_lock_word, __ATOMIC_RELAXED) &
              LOCK_TAKEN) &&
            lock_try())
            return 1;
        __builtin_ia32_pause();
    }
    return 0;
}

void uthread_lock_wait(void)
{
    if (lock_free_soon())
        return;
    __atomic_fetch_add(&uthread_lock_word, LOCK_SLEEPER, __ATOMIC_SEQ_CST);
    while (!lock_try())
        uthread_word_wait(
            &uthread_lock_word,
            __atomic_load_n(&uthread_lock_word, __ATOMIC_SEQ_CST) | LOCK_TAKEN);
    __atomic_fetch_sub(&uthread_lock_word, LOCK_SLEEPER, __ATOMIC_SEQ_CST);
}
