/*
 * What the files of futexes share: how a word is found, and who sleeps on it.
 */
#pragma once

#include "proc/futex.h"
#include "proc/process.h"

/* What tells one word from all others, while its owner lives. */
struct futex_key {
    const void *owner;            /* the object or the address space */
    u32 offset;                   /* in the object, else the address */
    struct memory_object *object; /* a counted reference, or NULL */
};

struct futex_bucket {
    struct spinlock lock;
    struct list sleepers; /* of struct sleeper.link */
    struct list pi_locks; /* of struct pi_lock.link; under the table's lock */
};

struct sleeper {
    struct futex_bucket *volatile bucket; /* whose lock protects the rest */
    struct list link;
    struct futex_key key;
    struct thread *thread;
    u32 mask;
    bool woken; /* and off the list */
};

/* 0, -EINVAL or -EFAULT. The key must be dropped, with no lock held. */
int futex_key_find(u32 user *word, bool shared, struct futex_key *key);
void futex_key_drop(const struct futex_key *key);
bool futex_key_equals(const struct futex_key *key,
                      const struct futex_key *other);

struct futex_bucket *futex_bucket_of(const struct futex_key *key);

/* The bucket is locked. In line: the most urgent first. */
void sleeper_stand(struct futex_bucket *bucket, struct sleeper *sleeper);
void sleeper_wake(struct sleeper *sleeper);
u32 futex_bucket_wake(struct futex_bucket *bucket, const struct futex_key *key,
                      u32 count, u32 mask);

/* Makes the word's page present and writable, for now. 0 or -EFAULT. */
int futex_word_fetch(u32 user *word);
