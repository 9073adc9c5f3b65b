/*
 * The lock of the library, between kernel threads: bit 0 says that it is
 * taken, the rest counts those who sleep until it is free. It belongs to
 * nobody: one thread takes it, another may release it. Preemption is held off
 * meanwhile, for some tens of instructions.
 */
#pragma once

enum { LOCK_TAKEN = 1, LOCK_SLEEPER = 2 };

extern unsigned uthread_lock_word;

/* Waits while a word has this value; may return at any time. */
void uthread_word_wait(unsigned *word, unsigned value);
/* Wakes one who waits. */
__attribute__((cold)) void uthread_word_wake(unsigned *word);

__attribute__((cold)) void uthread_lock_wait(void);

static inline _Bool lock_try(void)
{
    return !(
        __atomic_fetch_or(&uthread_lock_word, LOCK_TAKEN, __ATOMIC_SEQ_CST) &
        LOCK_TAKEN);
}

static inline void lock_take(void)
{
    if (!lock_try())
        uthread_lock_wait();
}

static inline void lock_release(void)
{
    if (__atomic_sub_fetch(&uthread_lock_word, LOCK_TAKEN, __ATOMIC_SEQ_CST) !=
        0)
        uthread_word_wake(&uthread_lock_word);
}
