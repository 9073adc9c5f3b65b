/*
 * Who waits stands in a bucket, which many words may share: a list and its
 * lock, found by hashing the word's key. Under the lock the word is read and
 * the sleeper put in line; who wakes has changed the word first and takes the
 * lock then. So either it finds the sleeper, or the sleeper the change.
 *
 * A sleeper lives on its thread's stack, and takes the lock before it goes:
 * nobody touches it any more then.
 *
 * No page is fetched under a lock: where the word cannot be read at once, the
 * lock is let go, the page fetched, and all tried again.
 */
#include "proc/futex.h"

#include "proc/futex_internal.h"
#include "sched/lend.h"
#include "x86/clock.h"
#include "x86/user_copy.h"
#include <asm/errno.h>

#define BUCKET_BITS 8

static struct futex_bucket buckets[1u << BUCKET_BITS];

void futexes_start(void)
{
    for (u32 i = 0; i < array_count(buckets); i++) {
        spinlock_initialize(&buckets[i].lock, RANK_FUTEX);
        list_initialize(&buckets[i].sleepers);
        list_initialize(&buckets[i].pi_locks);
    }
}

/* ---- keys ---------------------------------------------------------------- */

/* A word in a shared mapping has the object for its owner. */
static slow_path int key_share(struct futex_key *key)
{
    struct address_space *space = current_process()->space;

    mutex_lock(&space->lock);
    struct area *area = address_space_find(space, key->offset);
    bool is_there = area && (area->flags & AREA_RIGHTS);

    if (is_there && (area->flags & AREA_SHARED) && area->object) {
        memory_object_get(area->object);
        key->owner = key->object = area->object;
        key->offset += area->object_page * PAGE_SIZE - area->start;
    }
    mutex_unlock(&space->lock);
    return is_there ? 0 : -EFAULT;
}

inline int futex_key_find(u32 user *word, bool shared, struct futex_key *key)
{
    key->owner = current_process()->space;
    key->offset = (u32)(uintptr_t)word;
    key->object = NULL;
    if (key->offset % sizeof(u32) != 0)
        return -EINVAL;
    if (!user_range_ok(word, sizeof(u32)))
        return -EFAULT;
    return unlikely(shared) ? key_share(key) : 0;
}

inline void futex_key_drop(const struct futex_key *key)
{
    if (key->object)
        memory_object_put(key->object);
}

inline bool futex_key_equals(const struct futex_key *key,
                             const struct futex_key *other)
{
    return key->offset == other->offset && key->owner == other->owner;
}

inline struct futex_bucket *futex_bucket_of(const struct futex_key *key)
{
    u32 mixed = ((u32)(uintptr_t)key->owner ^ key->offset) * 0x9e3779b1u;
    return &buckets[mixed >> (32 - BUCKET_BITS)];
}

int futex_word_fetch(u32 user *word)
{
    struct frame *frame;
    int result = address_space_pin(current_process()->space,
                                   (u32)(uintptr_t)word, true, &frame);

    if (result == 0)
        frame_put(frame);
    return result < 0 ? -EFAULT : 0;
}

/* ---- waiting ------------------------------------------------------------- */

/* Behind all who are as urgent, or were when they came. */
void sleeper_stand(struct futex_bucket *bucket, struct sleeper *sleeper)
{
    struct list *before = bucket->sleepers.previous;

    while (before != &bucket->sleepers &&
           thread_urgency(container_of(before, struct sleeper, link)->thread) <
               thread_urgency(sleeper->thread))
        before = before->previous;
    list_add_first(before, &sleeper->link);
}

/* Stands in line if the word is `value`, and then leaves the bucket locked.
 * 0, -EAGAIN, -EFAULT. */
static int sleeper_enter(struct sleeper *sleeper, u32 user *word, u32 value)
{
    struct futex_bucket *bucket = futex_bucket_of(&sleeper->key);
    u32 seen;

    spin_lock(&bucket->lock);
    while (unlikely(user_load_nofault(&seen, word) < 0)) {
        spin_unlock(&bucket->lock);
        if (user_load(&seen, word) < 0)
            return -EFAULT;
        spin_lock(&bucket->lock);
    }
    if (seen != value) {
        spin_unlock(&bucket->lock);
        return -EAGAIN;
    }
    sleeper->bucket = bucket;
    sleeper_stand(bucket, sleeper);
    return 0;
}

/* Locks the bucket where it stands, or stood when it was woken. */
static slow_path void sleeper_lock(struct sleeper *sleeper)
{
    for (;;) {
        struct futex_bucket *bucket = sleeper->bucket;

        spin_lock(&bucket->lock);
        if (likely(bucket == sleeper->bucket))
            return;
        spin_unlock(&bucket->lock);
    }
}

/* Parks without the lock. It may stand in another bucket afterwards. */
static void sleeper_park(struct sleeper *sleeper, u64 deadline)
{
    struct futex_bucket *bucket = sleeper->bucket;

    if (likely(deadline == 0)) {
        thread_park_unlocking(&bucket->lock);
        if (likely(bucket == sleeper->bucket))
            return;
        spin_unlock(&bucket->lock);
    } else {
        spin_unlock(&bucket->lock);
        thread_park_until(deadline);
    }
    sleeper_lock(sleeper);
}

/* The bucket is locked, and not afterwards. */
static int sleeper_sleep(struct sleeper *sleeper, u64 deadline)
{
    int result = 0;

    while (!sleeper->woken && result == 0) {
        if (thread_is_interrupted())
            result = -EINTR;
        else if (deadline != 0 && clock_nanoseconds() >= deadline)
            result = -ETIMEDOUT;
        else
            sleeper_park(sleeper, deadline);
    }
    if (result < 0)
        list_remove(&sleeper->link);
    spin_unlock(&sleeper->bucket->lock);
    return result;
}

int futex_wait(u32 user *word, bool shared, u32 value, u32 mask, u64 deadline)
{
    struct sleeper sleeper; /* filled step by step: this path is hot */
    int result = futex_key_find(word, shared, &sleeper.key);

    sleeper.thread = current_thread();
    sleeper.mask = mask;
    sleeper.woken = false;
    if (result < 0)
        return result;
    result = sleeper_enter(&sleeper, word, value);
    if (result == 0)
        result = sleeper_sleep(&sleeper, deadline);
    futex_key_drop(&sleeper.key);
    return result;
}

/* ---- waking -------------------------------------------------------------- */

void sleeper_wake(struct sleeper *sleeper)
{
    list_remove(&sleeper->link);
    sleeper->woken = true;
    thread_unpark(sleeper->thread);
}

u32 futex_bucket_wake(struct futex_bucket *bucket, const struct futex_key *key,
                      u32 count, u32 mask)
{
    struct sleeper *sleeper, *next;
    u32 woken = 0;

    list_for_each_safe (sleeper, next, &bucket->sleepers, link) {
        if (!futex_key_equals(&sleeper->key, key) || !(sleeper->mask & mask))
            continue;
        sleeper_wake(sleeper);
        if ((s32)++woken >= (s32)count) /* below 1 is 1, as on Linux */
            break;
    }
    return woken;
}

/* Does nobody stand here, or come? The word was changed before. A sleeper
 * takes the lock before it reads the word: who is not seen here will see the
 * change. */
static bool bucket_is_quiet(const struct futex_bucket *bucket)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* the word, then the bucket */
    return !spin_is_locked(&bucket->lock) && list_is_empty(&bucket->sleepers);
}

int futex_wake(u32 user *word, bool shared, u32 count, u32 mask)
{
    struct futex_key key;
    int result = futex_key_find(word, shared, &key);

    if (result < 0)
        return result;
    struct futex_bucket *bucket = futex_bucket_of(&key);
    if (!bucket_is_quiet(bucket)) {
        spin_lock(&bucket->lock);
        result = (int)futex_bucket_wake(bucket, &key, count, mask);
        spin_unlock(&bucket->lock);
    }
    futex_key_drop(&key);
    return result;
}
