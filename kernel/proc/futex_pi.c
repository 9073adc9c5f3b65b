/*
 * PI futexes: locks whose owner the kernel knows, so that who waits lends it
 * priority. The word is 0, or the owner's tid, with FUTEX_WAITERS while the
 * owner has to come here to give it back.
 *
 * While somebody waits there is a struct pi_lock with a mutex, which belongs
 * to who owns the futex; the waiters stand in line there, and what the
 * scheduler makes of a mutex's owner and waiters holds for these too. It goes
 * with the last waiter. All of it is under process_table_lock: locks that
 * nobody waits for never come here.
 *
 * A pi_lock has an owner only while the word has FUTEX_WAITERS, without which
 * that owner gives the futex back unseen. So while all who are left have given
 * up, and stand in line no more, who takes it is not told to the pi_lock.
 *
 * The word is user memory and can hold anything. What is believed of it is
 * only what harms nobody but those who share it.
 */
#include "proc/futex_internal.h"

#include "mem/heap.h"
#include "proc/proc_waits.h"
#include "proc/task.h"
#include "x86/user_copy.h"
#include <asm/errno.h>
#include <linux/futex.h>

/* Inside this file: the word has changed meanwhile, look again. */
#define CHANGED 1
/* The current task stands in line. */
#define QUEUED 2

struct pi_lock {
    struct list link;       /* of its bucket */
    struct list owned_link; /* of the owner's task, or of none */
    struct futex_key key;   /* with a reference of its own */
    struct mutex mutex;
    u32 waiters; /* who will look at it again */
};

/* To lock or to unlock: what all steps need. */
struct attempt {
    u32 user *word;
    struct futex_key key;
    bool may_wait;
    struct pi_lock *lock; /* once it stands in line */
    struct waiter waiter;
};

/* ---- locks that somebody waits for --------------------------------------- */

static struct pi_lock *pi_find(const struct futex_key *key)
{
    struct pi_lock *lock;

    list_for_each (lock, &futex_bucket_of(key)->pi_locks, link)
        if (futex_key_equals(&lock->key, key))
            return lock;
    return NULL;
}

static struct task *pi_owner(const struct pi_lock *lock)
{
    return (struct task *)mutex_owner(&lock->mutex);
}

static void pi_owned_by(struct pi_lock *lock, struct task *owner)
{
    list_remove(&lock->owned_link);
    if (owner)
        list_add_last(&owner->pi_locks, &lock->owned_link);
}

/* The mutex's lock held: it goes to `waiter`, or to nobody. */
static void pi_pass(struct pi_lock *lock, struct waiter *waiter)
{
    mutex_pass(&lock->mutex, waiter);
    pi_owned_by(lock, pi_owner(lock));
}

/* From who cannot, or will not, say so in the word: the next one will. */
static void pi_abandon(struct pi_lock *lock)
{
    spin_lock(&lock->mutex.lock);
    pi_pass(lock, mutex_next(&lock->mutex));
    spin_unlock(&lock->mutex.lock);
}

static struct pi_lock *pi_create(const struct futex_key *key)
{
    struct pi_lock *lock = heap_alloc(sizeof(*lock));

    if (!lock)
        return NULL;
    lock->key = *key;
    if (key->object)
        memory_object_get(key->object);
    lock->waiters = 0;
    mutex_initialize(&lock->mutex, RANK_NONE);
    list_initialize(&lock->owned_link);
    list_add_last(&futex_bucket_of(key)->pi_locks, &lock->link);
    return lock;
}

/* One waiter less. With the last the lock leaves the table, and is to be freed
 * by pi_free when that is unlocked. */
static struct pi_lock *pi_leave(struct pi_lock *lock)
{
    if (--lock->waiters != 0)
        return NULL;
    list_remove(&lock->link);
    list_remove(&lock->owned_link);
    return lock;
}

static void pi_free(struct pi_lock *lock)
{
    if (!lock)
        return;
    futex_key_drop(&lock->key);
    heap_free(lock);
}

/* 0, CHANGED, or -EFAULT. */
static int word_exchange(u32 user *word, u32 expected, u32 desired)
{
    u32 seen;

    if (user_compare_exchange_nofault(word, expected, desired, &seen) < 0)
        return -EFAULT;
    return seen == expected ? 0 : CHANGED;
}

/* ---- locking ------------------------------------------------------------- */

/* Stands in line behind the owner whose tid the word has. */
static int attempt_wait(struct attempt *attempt, u32 seen)
{
    struct pi_lock *lock = pi_find(&attempt->key);
    struct task *owner = lock ? pi_owner(lock) : NULL;
    int result = 0;

    if (!owner)
        owner = task_find(seen & FUTEX_TID_MASK);
    if (!owner)
        return -ESRCH;
    if (waits_would_deadlock(owner))
        return -EDEADLK;
    if (!(seen & FUTEX_WAITERS))
        result = word_exchange(attempt->word, seen, seen | FUTEX_WAITERS);
    if (result != 0)
        return result;
    if (!lock)
        lock = pi_create(&attempt->key);
    if (!lock)
        return -ENOMEM;
    if (!pi_owner(lock)) {
        mutex_give(&lock->mutex, &owner->thread);
        pi_owned_by(lock, owner);
    }
    lock->waiters++;
    mutex_enter(&lock->mutex, &attempt->waiter);
    attempt->lock = lock;
    return QUEUED;
}

/* 0: it is ours. QUEUED, CHANGED, -EFAULT; -EAGAIN when it must not wait. */
static int attempt_lock(struct attempt *attempt)
{
    struct task *task = current_task();
    struct pi_lock *lock = pi_find(&attempt->key);
    u32 seen;

    if (user_load_nofault(&seen, attempt->word) < 0)
        return -EFAULT;
    if ((seen & FUTEX_TID_MASK) == task->tid)
        return -EDEADLK;
    if ((seen & FUTEX_TID_MASK) != 0 || (lock && pi_owner(lock)))
        return attempt->may_wait ? attempt_wait(attempt, seen) : -EAGAIN;
    return word_exchange(attempt->word, seen,
                         task->tid | (seen & FUTEX_OWNER_DIED));
}

/* The mutex is ours. So is the word, unless the owner before has ended: then
 * we write, in its stead, whose it is, and that it has died. */
static int attempt_claim(struct attempt *attempt)
{
    u32 tid = current_task()->tid, seen;

    if (user_load_nofault(&seen, attempt->word) < 0)
        return -EFAULT;
    if ((seen & FUTEX_TID_MASK) == tid)
        return 0;
    return word_exchange(attempt->word, seen,
                         tid | FUTEX_OWNER_DIED | FUTEX_WAITERS);
}

/* Carries out a step until it is done, fetching the word's page as often as
 * it takes. */
static int carry_out(struct attempt *attempt,
                     int (*step)(struct attempt *attempt))
{
    int result;

    do {
        spin_lock(&process_table_lock);
        result = step(attempt);
        spin_unlock(&process_table_lock);
    } while (result == CHANGED ||
             (result == -EFAULT && futex_word_fetch(attempt->word) == 0));
    return result;
}

static int attempt_finish(struct attempt *attempt, int result)
{
    if (result == 0)
        result = carry_out(attempt, attempt_claim);
    spin_lock(&process_table_lock);
    if (result == -EFAULT)
        pi_abandon(attempt->lock);
    struct pi_lock *unused = pi_leave(attempt->lock);
    spin_unlock(&process_table_lock);
    pi_free(unused);
    return result;
}

int futex_lock_pi(u32 user *word, bool shared, bool wait, u64 deadline)
{
    struct attempt attempt = {.word = word, .may_wait = wait};
    int result = futex_key_find(word, shared, &attempt.key);

    if (result < 0)
        return result;
    result = carry_out(&attempt, attempt_lock);
    if (result == QUEUED)
        result =
            attempt_finish(&attempt, mutex_wait(&attempt.lock->mutex,
                                                &attempt.waiter, deadline));
    futex_key_drop(&attempt.key);
    return result;
}

/* ---- unlocking ----------------------------------------------------------- */

/* Gives it to the first in line, if there is one. 0, CHANGED, -errno. */
static int attempt_unlock(struct attempt *attempt)
{
    struct task *task = current_task();
    struct pi_lock *lock = pi_find(&attempt->key);
    u32 seen;

    if (user_load_nofault(&seen, attempt->word) < 0)
        return -EFAULT;
    if ((seen & FUTEX_TID_MASK) != task->tid)
        return -EPERM;
    if (!lock || !pi_owner(lock))
        return word_exchange(attempt->word, seen, 0);
    if (pi_owner(lock) != task)
        return -EINVAL;
    spin_lock(&lock->mutex.lock);
    struct waiter *next = mutex_next(&lock->mutex);
    u32 word = next ? ((struct task *)next->thread)->tid | FUTEX_WAITERS : 0;
    int result = word_exchange(attempt->word, seen, word);
    if (result == 0)
        pi_pass(lock, next);
    spin_unlock(&lock->mutex.lock);
    return result;
}

int futex_unlock_pi(u32 user *word, bool shared)
{
    struct attempt attempt = {.word = word};
    int result = futex_key_find(word, shared, &attempt.key);

    if (result < 0)
        return result;
    result = carry_out(&attempt, attempt_unlock);
    futex_key_drop(&attempt.key);
    return result;
}

void futex_owner_ends(struct task *task)
{
    while (!list_is_empty(&task->pi_locks))
        pi_abandon(list_first(&task->pi_locks, struct pi_lock, owned_link));
}
