/*
 * Long division, the search for a clear bit and the choice of a process number
 * give what plain arithmetic and a plain loop give.
 */
#include "unit.h"
#include "kernel/lib/bitmap.c"
#include "kernel/lib/divide.c"
#include "kernel/proc/number.c"

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

static struct number process_numbers[NUMBER_MAX], group_numbers[NUMBER_MAX];

/* The number after `last` that the model says is free, round the end. */
static u32 choose_slowly(const u8 *users, u32 last)
{
    for (u32 i = 1; i < NUMBER_MAX; i++) {
        u32 value = (last + i - NUMBER_FIRST) % (NUMBER_MAX - NUMBER_FIRST) +
                    NUMBER_FIRST;
        if (users[value] == 0)
            return value;
    }
    return 0;
}

/* A number that a process and a group have is free when both are gone. */
static void process_numbers_choice(void)
{
    static u8 users[NUMBER_MAX];
    u32 last = 1;

    numbers_start();
    check_number(number_choose(), 1);
    for (int round = 0; round < 200000; round++) {
        u32 value = 2 + unit_random_below(NUMBER_MAX - 2);
        if (users[value] & 1 && unit_random_below(4) == 0)
            number_remove(&process_numbers[value]), users[value] &= ~1;
        else if (users[value] & 2 && unit_random_below(4) == 0)
            number_remove(&group_numbers[value]), users[value] &= ~2;
        value = number_choose();
        check_number(value, choose_slowly(users, last));
        last = value;
        if (value == 0)
            break;
        number_add(&process_numbers[value], NUMBER_PROCESS, value);
        number_add(&group_numbers[value], NUMBER_GROUP, value);
        users[value] = 3;
    }
    check_number(number_choose(), 0);
    for (last = 2; users[last] != 3; last++)
        continue;
    number_remove(&process_numbers[last]);
    check_number(number_choose(), 0);
    number_remove(&group_numbers[last]);
    check_number(number_choose(), last);
    check(number_find(NUMBER_GROUP, last) == NULL);
    check(number_next(NUMBER_GROUP, last) != &group_numbers[last]);
}

UNIT_TESTS(UNIT_TEST(division), UNIT_TEST(division_at_the_edges),
           UNIT_TEST(bits), UNIT_TEST(process_numbers_choice))
