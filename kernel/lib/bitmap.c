/*
 * Searching a row of bits a word at a time.
 */
#include "lib/bitmap.h"

u32 bitmap_find_clear(const u32 *words, u32 bits, u32 from)
{
    /* In the first word, the bits below `from` count as set. */
    u32 skipped = (1u << (from % 32)) - 1;
    for (u32 start = from / 32 * 32; start < bits; start += 32) {
        u32 clear = ~(words[start / 32] | skipped);
        skipped = 0;
        if (clear != 0)
            return min(start + __builtin_ctz(clear), bits);
    }
    return bits;
}
