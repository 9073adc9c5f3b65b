/*
 * Long division and the search for a clear bit give what plain arithmetic and
 * a plain loop give.
 */
#include "unit.h"
#include "kernel/lib/bitmap.c"
#include "kernel/lib/divide.c"

/* Numbers of every length, and those beside a power of two. */
static u64 random_u64(void)
{
    u64 number = (u64)unit_random() << 32 | unit_random();
    number >>= unit_random_below(64);
    return unit_random_below(4) == 0 ? -number : number;
}

static void division(void)
{
    for (int round = 0; round < 1000000; round++) {
        u64 dividend = random_u64();
        u32 divisor = (u32)random_u64();
        u32 remainder;
        if (divisor == 0)
            continue;
        check(divide_u64(dividend, divisor, &remainder) == dividend / divisor);
        check_number(remainder, dividend % divisor);
    }
}

static void division_at_the_edges(void)
{
    static const u64 dividends[] = {
        0, 1, UINT32_MAX, 1ull << 32, UINT64_MAX, UINT64_MAX - 1, 1ull << 63,
    };
    static const u32 divisors[] = {1, 2, 3, 10, 1u << 31, UINT32_MAX};
    for (size_t i = 0; i < array_count(dividends); i++)
        for (size_t j = 0; j < array_count(divisors); j++)
            check(divide_u64(dividends[i], divisors[j], NULL) ==
                  dividends[i] / divisors[j]);
}

static u32 find_clear_slowly(const u32 *words, u32 bits, u32 from)
{
    while (from < bits && bitmap_test(words, from))
        from++;
    return from < bits ? from : bits;
}

static void bits(void)
{
    for (int round = 0; round < 20000; round++) {
        u32 count = 1 + unit_random_below(100);
        u32 *words = calloc(BITMAP_WORDS(count), sizeof(u32));
        u32 density = unit_random_below(8);
        for (u32 i = 0; i < count; i++)
            if (unit_random_below(8) < density || density == 7)
                bitmap_set(words, i);
        bitmap_clear(words, unit_random_below(count));
        for (u32 from = 0; from <= count; from++)
            check_number(bitmap_find_clear(words, count, from),
                         find_clear_slowly(words, count, from));
        free(words);
    }
}

UNIT_TESTS(UNIT_TEST(division), UNIT_TEST(division_at_the_edges),
           UNIT_TEST(bits))
