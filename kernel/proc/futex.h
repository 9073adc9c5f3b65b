/*
 * Futexes: user code sleeps on a word of its memory until somebody wakes it.
 *
 * User code itself changes the word with atomic instructions; the kernel is
 * asked only where somebody has to wait, or may be waiting. A word that is
 * not `shared` is told by its address in the space; one that may be, by its
 * place in the memory object that is mapped there, whatever the address.
 */
#pragma once

#include "lib/types.h"

#define ROBUST_HEAD_SIZE 12u /* bytes of set_robust_list's struct */

#define FUTEX_ANY 0xffffffffu /* a mask that meets every mask */

/* Sleeps if the word still is `value`. 0 when woken (by a wake whose mask has
 * a bit in common with `mask`), -EAGAIN when it is another value, -EFAULT,
 * -EINVAL, -EINTR, or -ETIMEDOUT at `deadline` (clock_nanoseconds, 0: none). */
int futex_wait(u32 user *word, bool shared, u32 value, u32 mask, u64 deadline);

/* Wakes up to `count`, first come, first woken. How many, or -errno. */
int futex_wake(u32 user *word, bool shared, u32 count, u32 mask);

/* Two words, for requeue and wake_op: both are shared or neither is. */
struct futex_pair {
    u32 user *first, *second;
    bool shared;
};

/* Wakes up to `wake` sleepers of the first word, and has up to `move` more
 * sleep on the second from now on. With `expected`, only if the first word has
 * that value, else -EAGAIN. How many in all, or -errno. */
int futex_requeue(const struct futex_pair *pair, u32 wake, u32 move,
                  const u32 *expected);

/* Changes the second word as `operation` says (FUTEX_OP), wakes up to `first`
 * sleepers of the first, and if the word before was as it says up to `second`
 * of the second. How many in all, or -errno; -ENOSYS unknown operation. */
int futex_wake_op(const struct futex_pair *pair, u32 first, u32 second,
                  u32 operation);

/* PI futexes. 0, -EDEADLK, -ESRCH (no such owner), -EAGAIN (not `wait`),
 * -EINTR, -ETIMEDOUT, -ENOMEM, -EFAULT, -EINVAL; -EPERM when not the owner. */
int futex_lock_pi(u32 user *word, bool shared, bool wait, u64 deadline);
int futex_unlock_pi(u32 user *word, bool shared);

/* The current task is about to leave its space: marks the robust futexes that
 * it holds. */
struct task;
void futex_robust_end(struct task *task);
/* It leaves the table: its PI futexes go to who waits. Table's lock held. */
void futex_owner_ends(struct task *task);

void futexes_start(void);
