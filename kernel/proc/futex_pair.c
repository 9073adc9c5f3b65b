/*
 * Futexes, two words at a time: sleepers go from one to the other, or the
 * sleepers of both are woken after one of them was changed.
 *
 * Both buckets are locked throughout, so a sleeper is in one line or the
 * other at every moment.
 */
#include "proc/futex_internal.h"

#include "x86/user_copy.h"
#include <asm/errno.h>
#include <linux/futex.h>

/* ---- requeue ------------------------------------------------------------- */

struct bucket_pair {
    struct futex_key keys[2];
    struct futex_bucket *buckets[2];
};

static int pair_find(const struct futex_pair *pair, struct bucket_pair *found)
{
    int result = futex_key_find(pair->first, pair->shared, &found->keys[0]);

    if (result < 0)
        return result;
    result = futex_key_find(pair->second, pair->shared, &found->keys[1]);
    if (result < 0) {
        futex_key_drop(&found->keys[0]);
        return result;
    }
    found->buckets[0] = futex_bucket_of(&found->keys[0]);
    found->buckets[1] = futex_bucket_of(&found->keys[1]);
    return 0;
}

static void pair_drop(const struct bucket_pair *pair)
{
    futex_key_drop(&pair->keys[0]);
    futex_key_drop(&pair->keys[1]);
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
static void sleeper_move(struct sleeper *sleeper, struct futex_bucket *bucket,
                         const struct futex_key *key)
{
    if (key->object)
        memory_object_get(key->object);
    futex_key_drop(&sleeper->key);
    sleeper->key = *key;
    if (sleeper->bucket == bucket)
        return;
    list_remove(&sleeper->link);
    sleeper_stand(bucket, sleeper);
    sleeper->bucket = bucket;
}

static u32 pair_requeue(const struct bucket_pair *pair, u32 wake, u32 move)
{
    struct sleeper *sleeper, *next;
    u32 done = 0;

    list_for_each_safe (sleeper, next, &pair->buckets[0]->sleepers, link) {
        if (done >= wake && done - wake >= move)
            break;
        if (!futex_key_equals(&sleeper->key, &pair->keys[0]))
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
        result = futex_word_fetch(words->second);
        pair_lock(&pair);
    }
    if (result == 0) {
        result = (int)futex_bucket_wake(pair.buckets[0], &pair.keys[0], first,
                                        FUTEX_ANY);
        if (word_compares(&operation, (s32)before))
            result += (int)futex_bucket_wake(pair.buckets[1], &pair.keys[1],
                                             second, FUTEX_ANY);
    }
    pair_unlock(&pair);
    pair_drop(&pair);
    return result;
}
