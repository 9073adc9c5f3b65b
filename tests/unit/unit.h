/*
 * The frame of a host-side unit test: `1..N`, then for each test `ok NAME` or
 * `FAIL NAME FILE:LINE wanted ... got ...`; exit status 0 or 1.
 *
 * A test file includes this, then the kernel sources that it tests, and ends
 * with UNIT_TESTS(...). The first check that fails ends its test. Random
 * numbers are seeded by the test, so that each run is the same.
 */
#pragma once

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit_test {
    const char *name;
    void (*run)(void);
};

static const char *unit_name;
static jmp_buf unit_end;

#define unit_fail(...)                                                         \
    do {                                                                       \
        printf("FAIL %s %s:%d ", unit_name, __FILE__, __LINE__);               \
        printf(__VA_ARGS__);                                                   \
        printf("\n");                                                          \
        longjmp(unit_end, 1);                                                  \
    } while (0)

#define check(condition)                                                       \
    do {                                                                       \
        if (!(condition))                                                      \
            unit_fail("wanted %s got its contrary", #condition);               \
    } while (0)

#define check_number(got, wanted)                                              \
    do {                                                                       \
        long long unit_got = (long long)(got);                                 \
        long long unit_wanted = (long long)(wanted);                           \
        if (unit_got != unit_wanted)                                           \
            unit_fail("wanted %s = %lld got %lld", #got, unit_wanted,          \
                      unit_got);                                               \
    } while (0)

#define check_text(got, wanted)                                                \
    do {                                                                       \
        const char *unit_got = (got);                                          \
        const char *unit_wanted = (wanted);                                    \
        if (strcmp(unit_got, unit_wanted) != 0)                                \
            unit_fail("wanted \"%s\" got \"%s\"", unit_wanted, unit_got);      \
    } while (0)

/* xorshift: the same numbers on every machine. */
static uint32_t unit_seed = 1;

static inline uint32_t unit_random(void)
{
    unit_seed ^= unit_seed << 13;
    unit_seed ^= unit_seed >> 17;
    unit_seed ^= unit_seed << 5;
    return unit_seed;
}

static inline uint32_t unit_random_below(uint32_t limit)
{
    return unit_random() % limit;
}

static inline int unit_main(const struct unit_test *tests, size_t count)
{
    volatile int status = 0;
    printf("1..%zu\n", count);
    for (volatile size_t i = 0; i < count; i++) {
        unit_name = tests[i].name;
        unit_seed = 2463534242u;
        if (setjmp(unit_end) == 0) {
            tests[i].run();
            printf("ok %s\n", unit_name);
        } else {
            status = 1;
        }
        fflush(stdout);
    }
    return status;
}

#define UNIT_TEST(function)                                                    \
    {                                                                          \
#function, function                                                    \
    }

#define UNIT_TESTS(...)                                                        \
    int main(void)                                                             \
    {                                                                          \
        static const struct unit_test tests[] = {__VA_ARGS__};                 \
        return unit_main(tests, sizeof(tests) / sizeof(tests[0]));             \
    }
