/*
 * The three instructions for which C has no words and lib/ has a use: copy a
 * row, fill a row, divide a double word. Floor 0 has no core/cpu.h below it,
 * so they stand here. Correct in 32-bit and 64-bit code (the unit tests run
 * on the host). Every entry to the kernel clears the direction flag.
 */
#pragma once

#include "lib/types.h"

/* Copies `words` 32-bit words upwards and returns where the copy ended;
 * *source ends behind the last word read. */
static inline void *words_copy(void *destination, const void **source,
                               size_t words)
{
    __asm__ volatile("rep movsl"
                     : "+D"(destination), "+S"(*source), "+c"(words)
                     :
                     : "memory");
    return destination;
}

static inline void *bytes_copy(void *destination, const void **source,
                               size_t bytes)
{
    __asm__ volatile("rep movsb"
                     : "+D"(destination), "+S"(*source), "+c"(bytes)
                     :
                     : "memory");
    return destination;
}

/* Copies downwards: the pointers name the last byte of each side. */
static inline void bytes_copy_down(void *destination, const void *source,
                                   size_t bytes)
{
    __asm__ volatile("std; rep movsb; cld"
                     : "+D"(destination), "+S"(source), "+c"(bytes)
                     :
                     : "memory");
}

static inline void *words_fill(void *destination, u32 word, size_t words)
{
    __asm__ volatile("rep stosl"
                     : "+D"(destination), "+c"(words)
                     : "a"(word)
                     : "memory");
    return destination;
}

static inline void bytes_fill(void *destination, u32 byte, size_t bytes)
{
    __asm__ volatile("rep stosb"
                     : "+D"(destination), "+c"(bytes)
                     : "a"(byte)
                     : "memory");
}

/* (high:low) / divisor; `high` must be less than `divisor`, else the CPU
 * raises a divide error. */
static inline u32 divide_wide(u32 high, u32 low, u32 divisor, u32 *remainder)
{
    u32 quotient;
    __asm__("divl %4"
            : "=a"(quotient), "=d"(*remainder)
            : "a"(low), "d"(high), "r"(divisor)
            : "cc");
    return quotient;
}
