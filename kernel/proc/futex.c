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

#include "proc/process.h"
#include "x86/clock.h"
#include "x86/user_copy.h"
#include <asm/errno.h>
#include <linux/futex.h>

#define BUCKET_BITS 8

/* What tells one word from all others, while its owner lives. */
struct key {
    const void *owner;            /* the object or the address space */
    u32 offset;                   /* in the object, else the address */
    struct memory_object *object; /* a counted reference, or NULL */
};

static struct bucket {
    struct spinlock lock;
    struct list sleepers; /* of struct sleeper.link */
} buckets[1u << BUCKET_BITS];

struct sleeper {
    struct bucket *volatile bucket; /* whose lock protects the rest */
    struct list link;
    struct key key;
    struct thread *thread;
    u32 mask;
    bool woken; /* and off the list */
};

void futexes_start(void)
{
    for (u32 i = 0; i < array_count(buckets); i++) {
        spinlock_initialize(&buckets[i].lock, RANK_FUTEX);
        list_initialize(&buckets[i].sleepers);
    }
}

/* ---- keys ---------------------------------------------------------------- */

/* A word in a shared mapping has the object for its owner. */
static slow_path int key_share(struct key *key)
{
    struct address_space *space = current_process()->space;

    mutex_lock(&space->lock);
    struct area *area = address_space_find(space, key->offset);
    int result = area ? 0 : -EFAULT;

    if (area && (area->flags & AREA_SHARED) && area->object) {
        memory_object_get(area->object);
        key->owner = key->object = area->object;
        key->offset += area->object_page * PAGE_SIZE - area->start;
    }
    mutex_unlock(&space->lock);
    return result;
}

/* 0, -EINVAL or -EFAULT. The key must be dropped. */
static inline int key_find(u32 user *word, bool shared, struct key *key)
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

static void key_drop(const struct key *key)
{
    if (key->object)
        memory_object_put(key->object);
}

static bool key_equals(const struct key *key, const struct key *other)
{
    return key->offset == other->offset && key->owner == other->owner;
}

static struct bucket *bucket_of(const struct key *key)
{
    u32 mixed = ((u32)(uintptr_t)key->owner ^ key->offset) * 0x9e3779b1u;
    return &buckets[mixed >> (32 - BUCKET_BITS)];
}

/* ---- waiting ------------------------------------------------------------- */

/* Stands in line if the word is `value`, and then leaves the bucket locked.
 * 0, -EAGAIN, -EFAULT. */
static int sleeper_enter(struct sleeper *sleeper, u32 user *word, u32 value)
{
    struct bucket *bucket = bucket_of(&sleeper->key);
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
    list_add_last(&bucket->sleepers, &sleeper->link);
    return 0;
}

/* Locks the bucket where it stands, or stood when it was woken. */
static void sleeper_lock(struct sleeper *sleeper)
{
    for (;;) {
        struct bucket *bucket = sleeper->bucket;

        spin_lock(&bucket->lock);
        if (likely(bucket == sleeper->bucket))
            return;
        spin_unlock(&bucket->lock);
    }
}

/* Parks without the lock. It may stand in another bucket afterwards. */
static void sleeper_park(struct sleeper *sleeper, u64 deadline)
{
    struct bucket *bucket = sleeper->bucket;

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
    int result = key_find(word, shared, &sleeper.key);

    sleeper.thread = current_thread();
    sleeper.mask = mask;
    sleeper.woken = false;
    if (result < 0)
        return result;
    result = sleeper_enter(&sleeper, word, value);
    if (result == 0)
        result = sleeper_sleep(&sleeper, deadline);
    key_drop(&sleeper.key);
    return result;
}

/* ---- waking -------------------------------------------------------------- */

static void sleeper_wake(struct sleeper *sleeper)
{
    list_remove(&sleeper->link);
    sleeper->woken = true;
    thread_unpark(sleeper->thread);
}

/* The bucket is locked. */
static u32 bucket_wake(struct bucket *bucket, const struct key *key, u32 count,
                       u32 mask)
{
    struct sleeper *sleeper, *next;
    u32 woken = 0;

    list_for_each_safe (sleeper, next, &bucket->sleepers, link) {
        if (woken == count)
            break;
        if (!key_equals(&sleeper->key, key) || !(sleeper->mask & mask))
            continue;
        sleeper_wake(sleeper);
        woken++;
    }
    return woken;
}

/* Does nobody stand here, or come? The word was changed before. A sleeper
 * takes the lock before it reads the word: who is not seen here will see the
 * change. */
static bool bucket_is_quiet(const struct bucket *bucket)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* the word, then the bucket */
    return !spin_is_locked(&bucket->lock) && list_is_empty(&bucket->sleepers);
}

int futex_wake(u32 user *word, bool shared, u32 count, u32 mask)
{
    struct key key;
    int result = key_find(word, shared, &key);

    if (result < 0)
        return result;
    struct bucket *bucket = bucket_of(&key);
    if (!bucket_is_quiet(bucket)) {
        spin_lock(&bucket->lock);
        result = (int)bucket_wake(bucket, &key, count, mask);
        spin_unlock(&bucket->lock);
    }
    key_drop(&key);
    return result;
}

/* ---- two words ----------------------------------------------------------- */

struct bucket_pair {
    struct key keys[2];
    struct bucket *buckets[2];
};

static int pair_find(const struct futex_pair *pair, struct bucket_pair *found)
{
    int result = key_find(pair->first, pair->shared, &found->keys[0]);

    if (result < 0)
        return result;
    result = key_find(pair->second, pair->shared, &found->keys[1]);
    if (result < 0) {
        key_drop(&found->keys[0]);
        return result;
    }
    found->buckets[0] = bucket_of(&found->keys[0]);
    found->buckets[1] = bucket_of(&found->keys[1]);
    return 0;
}

static void pair_drop(const struct bucket_pair *pair)
{
    key_drop(&pair->keys[0]);
    key_drop(&pair->keys[1]);
}

static void pair_lock(const struct bucket_pair *pair)
{
    spin_lock_pair(&pair->buckets[0]->lock, &pair->buckets[1]->lock);
}

static void pair_unlock(const struct bucket_pair *pair)
{
    spin_unlock_pair(&pair->buckets[0]->lock, &pair->buckets[1]->lock);
}

/* Both are locked, and the caller holds references to both keys' objects. */
static void sleeper_move(struct sleeper *sleeper, struct bucket *bucket,
                         const struct key *key)
{
    if (key->object)
        memory_object_get(key->object);
    key_drop(&sleeper->key);
    sleeper->key = *key;
    if (sleeper->bucket == bucket)
        return;
    list_remove(&sleeper->link);
    list_add_last(&bucket->sleepers, &sleeper->link);
    sleeper->bucket = bucket;
}

static u32 pair_requeue(const struct bucket_pair *pair, u32 wake, u32 move)
{
    struct sleeper *sleeper, *next;
    u32 done = 0;

    list_for_each_safe (sleeper, next, &pair->buckets[0]->sleepers, link) {
        if (done >= wake && done - wake >= move)
            break;
        if (!key_equals(&sleeper->key, &pair->keys[0]))
            continue;
        if (done++ < wake)
            sleeper_wake(sleeper);
        else
            sleeper_move(sleeper, pair->buckets[1], &pair->keys[1]);
    }
    return done;
}

int futex_requeue(const struct futex_pair *words, u32 wake, u32 move,
                  const u32 *expected)
{
    struct bucket_pair pair;
    u32 seen = 0;
    int result = pair_find(words, &pair);

    if (result < 0)
        return result;
    pair_lock(&pair);
    while (expected && result == 0 &&
           user_load_nofault(&seen, words->first) < 0) {
        pair_unlock(&pair);
        result = user_load(&seen, words->first);
        pair_lock(&pair);
    }
    if (result == 0 && expected && seen != *expected)
        result = -EAGAIN;
    if (result == 0)
        result = (int)pair_requeue(&pair, wake, move);
    pair_unlock(&pair);
    pair_drop(&pair);
    return result;
}

/* ---- wake_op ------------------------------------------------------------- */

/* The four parts of FUTEX_OP's word; the two numbers have 12 bits, signed. */
struct word_operation {
    u32 change, compare;
    s32 operand, limit;
};

static int operation_decode(u32 code, struct word_operation *operation)
{
    *operation = (struct word_operation){
        .change = code >> 28 & 7,
        .compare = code >> 24 & 15,
        .operand = (s32)(code << 8) >> 20,
        .limit = (s32)(code << 20) >> 20,
    };
    if (code >> 28 & FUTEX_OP_OPARG_SHIFT)
        operation->operand = (s32)(1u << (operation->operand & 31));
    bool known = operation->change <= FUTEX_OP_XOR &&
                 operation->compare <= FUTEX_OP_CMP_GE;
    return known ? 0 : -ENOSYS;
}

static u32 word_changed(const struct word_operation *operation, u32 word)
{
    u32 operand = (u32)operation->operand;
    const u32 results[] = {
        [FUTEX_OP_SET] = operand,        [FUTEX_OP_ADD] = word + operand,
        [FUTEX_OP_OR] = word | operand,  [FUTEX_OP_ANDN] = word & ~operand,
        [FUTEX_OP_XOR] = word ^ operand,
    };

    return results[operation->change];
}

static bool word_compares(const struct word_operation *operation, s32 word)
{
    s32 limit = operation->limit;
    const bool results[] = {
        [FUTEX_OP_CMP_EQ] = word == limit,
        [FUTEX_OP_CMP_NE] = word != limit,
        [FUTEX_OP_CMP_LT] = word<
            limit, [FUTEX_OP_CMP_LE] = word <= limit, [FUTEX_OP_CMP_GT] = word>
            limit,
        [FUTEX_OP_CMP_GE] = word >= limit,
    };

    return results[operation->compare];
}

/* Changes the word in one step; the value before in *seen. -EFAULT where that
 * cannot be done now. */
static int word_change(u32 user *word, const struct word_operation *operation,
                       u32 *seen)
{
    u32 expected;

    if (user_load_nofault(seen, word) < 0)
        return -EFAULT;
    do {
        expected = *seen;
        if (user_compare_exchange_nofault(
                word, expected, word_changed(operation, expected), seen) < 0)
            return -EFAULT;
    } while (*seen != expected);
    return 0;
}

/* Makes the word's page present and writable; for now. */
static int word_fetch(u32 user *word)
{
    struct frame *frame;
    int result = address_space_pin(current_process()->space,
                                   (u32)(uintptr_t)word, true, &frame);

    if (result == 0)
        frame_put(frame);
    return result < 0 ? -EFAULT : 0;
}

int futex_wake_op(const struct futex_pair *words, u32 first, u32 second,
                  u32 code)
{
    struct bucket_pair pair;
    struct word_operation operation;
    u32 before;
    int result = operation_decode(code, &operation);

    if (result == 0)
        result = pair_find(words, &pair);
    if (result < 0)
        return result;
    pair_lock(&pair);
    while (result == 0 && word_change(words->second, &operation, &before) < 0) {
        pair_unlock(&pair);
        result = word_fetch(words->second);
        pair_lock(&pair);
    }
    if (result == 0) {
        result =
            (int)bucket_wake(pair.buckets[0], &pair.keys[0], first, FUTEX_ANY);
        if (word_compares(&operation, (s32)before))
            result += (int)bucket_wake(pair.buckets[1], &pair.keys[1], second,
                                       FUTEX_ANY);
    }
    pair_unlock(&pair);
    pair_drop(&pair);
    return result;
}
