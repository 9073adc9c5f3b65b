/*
 * futex: one call for many operations; proc/futex.c says what they do.
 */
#include "syscall/table.h"

#include "proc/futex.h"
#include "proc/process.h"
#include "syscall/time.h"
#include "x86/clock.h"
#include <linux/futex.h>

/* The call's arguments by the names that they have in futex(2). */
struct futex_call {
    u32 user *word;
    bool shared;
    u32 value;
    u64 deadline; /* clock_nanoseconds, 0 none; where the operation has one */
    u32 value2;   /* instead of a timeout */
    u32 user *word2;
    u32 value3;
};

enum timeout_kind { NO_TIMEOUT, RELATIVE, ABSOLUTE, REAL_TIME };

struct futex_operation {
    s32 (*carry_out)(const struct futex_call *call);
    enum timeout_kind timeout;
};

/* ---- waiting ------------------------------------------------------------- */

static s32 wait_again(struct call_restart *restart);

/* A handler ends a wait with a timeout; without one it goes on as it was. */
static s32 wait(const struct futex_call *call, u32 mask)
{
    struct call_restart *restart = &current_task()->restart;
    s32 result =
        futex_wait(call->word, call->shared, call->value, mask, call->deadline);

    if (result != -EINTR || call->deadline == 0)
        return result;
    restart->again = wait_again;
    restart->deadline = call->deadline;
    restart->memory = call->word;
    restart->shared = call->shared;
    restart->value = call->value;
    restart->mask = mask;
    return -ERESTART_RESTARTBLOCK;
}

static s32 wait_again(struct call_restart *restart)
{
    const struct futex_call call = {
        .word = restart->memory,
        .shared = restart->shared,
        .value = restart->value,
        .deadline = restart->deadline,
    };

    return wait(&call, restart->mask);
}

static s32 wait_any(const struct futex_call *call)
{
    return wait(call, FUTEX_ANY);
}

static s32 wait_masked(const struct futex_call *call)
{
    return call->value3 != 0 ? wait(call, call->value3) : -EINVAL;
}

/* ---- waking -------------------------------------------------------------- */

static s32 wake_any(const struct futex_call *call)
{
    return futex_wake(call->word, call->shared, call->value, FUTEX_ANY);
}

static s32 wake_masked(const struct futex_call *call)
{
    if (call->value3 == 0)
        return -EINVAL;
    return futex_wake(call->word, call->shared, call->value, call->value3);
}

/* ---- two words ----------------------------------------------------------- */

/* Counts that are no counts: only here does Linux look. */
static s32 requeue_words(const struct futex_call *call, const u32 *expected)
{
    const struct futex_pair pair = {call->word, call->word2, call->shared};

    if ((s32)call->value < 0 || (s32)call->value2 < 0)
        return -EINVAL;
    return futex_requeue(&pair, call->value, call->value2, expected);
}

static s32 requeue(const struct futex_call *call)
{
    return requeue_words(call, NULL);
}

static s32 requeue_if(const struct futex_call *call)
{
    return requeue_words(call, &call->value3);
}

static s32 wake_op(const struct futex_call *call)
{
    const struct futex_pair pair = {call->word, call->word2, call->shared};
    return futex_wake_op(&pair, call->value, call->value2, call->value3);
}

/* ---- PI ------------------------------------------------------------------ */

static s32 lock_pi(const struct futex_call *call)
{
    s32 result = futex_lock_pi(call->word, call->shared, true, call->deadline);
    return result == -EINTR ? -ERESTARTNOINTR : result;
}

static s32 try_lock_pi(const struct futex_call *call)
{
    return futex_lock_pi(call->word, call->shared, false, 0);
}

static s32 unlock_pi(const struct futex_call *call)
{
    return futex_unlock_pi(call->word, call->shared);
}

/* ---- the call ------------------------------------------------------------ */

static s32 unknown(const struct futex_call *call)
{
    return -ENOSYS;
}

static const struct futex_operation operations[] = {
    [FUTEX_WAIT] = {wait_any, RELATIVE},
    [FUTEX_WAKE] = {wake_any, NO_TIMEOUT},
    [FUTEX_FD] = {unknown, NO_TIMEOUT},
    [FUTEX_REQUEUE] = {requeue, NO_TIMEOUT},
    [FUTEX_CMP_REQUEUE] = {requeue_if, NO_TIMEOUT},
    [FUTEX_WAKE_OP] = {wake_op, NO_TIMEOUT},
    [FUTEX_LOCK_PI] = {lock_pi, REAL_TIME},
    [FUTEX_UNLOCK_PI] = {unlock_pi, NO_TIMEOUT},
    [FUTEX_TRYLOCK_PI] = {try_lock_pi, NO_TIMEOUT},
    [FUTEX_WAIT_BITSET] = {wait_masked, ABSOLUTE},
    [FUTEX_WAKE_BITSET] = {wake_masked, NO_TIMEOUT},
    [FUTEX_WAIT_REQUEUE_PI] = {unknown, NO_TIMEOUT},
    [FUTEX_CMP_REQUEUE_PI] = {unknown, NO_TIMEOUT},
    [FUTEX_LOCK_PI2] = {lock_pi, ABSOLUTE},
};

/* 0, -EFAULT, -EINVAL. */
static slow_path s32 deadline_read(const void user *timeout, bool wide,
                                   enum timeout_kind kind, u64 *deadline)
{
    u64 span;
    s32 result = timespec_in(timeout, wide, &span);

    if (kind != RELATIVE) {
        u64 now =
            kind == REAL_TIME ? clock_real_nanoseconds() : clock_nanoseconds();
        span = span > now ? span - now : 0;
    }
    *deadline = clock_deadline(span);
    return result;
}

/* Does the operation have a moment that may be of the real-time clock? */
static bool takes_real_time(u32 command)
{
    return command < array_count(operations) &&
           operations[command].timeout == ABSOLUTE;
}

s32 sys_futex(u32 user *word, u32 op, u32 value, const void user *timeout,
              u32 user *word2, u32 value3, bool wide)
{
    u32 command = op & ~(u32)FUTEX_PRIVATE_FLAG;

    if (unlikely(command >= array_count(operations))) {
        command ^= FUTEX_CLOCK_REALTIME;
        if (!takes_real_time(command))
            return -ENOSYS;
    }
    const struct futex_operation *operation = &operations[command];
    struct futex_call call = {
        .word = word,
        .shared = !(op & FUTEX_PRIVATE_FLAG),
        .value = value,
        .value2 = (u32)(uintptr_t)timeout,
        .word2 = word2,
        .value3 = value3,
    };
    if (operation->timeout != NO_TIMEOUT && timeout) {
        enum timeout_kind kind =
            op & FUTEX_CLOCK_REALTIME ? REAL_TIME : operation->timeout;
        s32 result = deadline_read(timeout, wide, kind, &call.deadline);
        if (result < 0)
            return result;
    }
    return operation->carry_out(&call);
}
