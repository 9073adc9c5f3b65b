/*
 * A row of bits, kept in 32-bit words by its user.
 */
#pragma once

#include "lib/types.h"

#define BITMAP_WORDS(bits) (((bits) + 31) / 32)

static inline bool bitmap_test(const u32 *words, u32 bit)
{
    return words[bit / 32] >> (bit % 32) & 1;
}

static inline void bitmap_set(u32 *words, u32 bit)
{
    words[bit / 32] |= 1u << (bit % 32);
}

static inline void bitmap_clear(u32 *words, u32 bit)
{
    words[bit / 32] &= ~(1u << (bit % 32));
}

/* The first clear bit in [from, bits), or `bits` when all are set. */
u32 bitmap_find_clear(const u32 *words, u32 bits, u32 from);
