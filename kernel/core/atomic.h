/*
 * Atomic words: full barriers, as `lock` instructions are on x86; and flags.
 */
#pragma once

#include "lib/types.h"

static inline u32 atomic_load(const volatile u32 *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static inline void atomic_store(volatile u32 *word, u32 value)
{
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/* Returns the value before. */
static inline u32 atomic_add(volatile u32 *word, u32 value)
{
    return __atomic_fetch_add(word, value, __ATOMIC_SEQ_CST);
}

static inline void atomic_increment(volatile u32 *word)
{
    __atomic_fetch_add(word, 1, __ATOMIC_SEQ_CST);
}

/* Returns true when the word has become 0. */
static inline bool atomic_decrement(volatile u32 *word)
{
    return __atomic_sub_fetch(word, 1, __ATOMIC_SEQ_CST) == 0;
}

/* Writes `desired` if the word is `expected`; returns whether it did. */
static inline bool atomic_compare_exchange(volatile u32 *word, u32 expected,
                                           u32 desired)
{
    return __atomic_compare_exchange_n(word, &expected, desired, false,
                                       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/* Adds 1 unless the word is 0; returns whether it did. For objects that may
 * be on their way out while a table still shows them. */
static inline bool atomic_increment_unless_zero(volatile u32 *word)
{
    u32 seen = atomic_load(word);
    while (seen != 0)
        if (__atomic_compare_exchange_n(word, &seen, seen + 1, false,
                                        __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            return true;
    return false;
}

/* A flag: set it, and say whether it was set before; clear it. What was done
 * before the clear is seen by who sets it next. */
static inline bool atomic_test_and_set(volatile bool *flag)
{
    return __atomic_exchange_n(flag, true, __ATOMIC_ACQUIRE);
}

static inline void atomic_clear(volatile bool *flag)
{
    __atomic_store_n(flag, false, __ATOMIC_RELEASE);
}
