/*
 * The kernel's formatting prints what the host's snprintf prints, for every
 * combination of flags, width, precision, length and conversion that C
 * defines, and cuts where it cuts.
 */
#include "unit.h"
#include "kernel_string.h"
#include "kernel/lib/divide.c"
#include "kernel/lib/format.c"

static const char *const widths[] = {"", "1", "7", "25"};
static const char *const precisions[] = {"", ".", ".0", ".1", ".6", ".24"};

static const long long values[] = {
    0,
    1,
    -1,
    9,
    10,
    42,
    -42,
    127,
    128,
    255,
    256,
    -129,
    32767,
    -32768,
    65536,
    2147483647,
    -2147483648LL,
    4294967295LL,
    4294967296LL,
    9223372036854775807LL,
    -9223372036854775807LL - 1,
};

#define compare(...)                                                           \
    do {                                                                       \
        char got[128], wanted[128];                                            \
        int wanted_length = snprintf(wanted, sizeof(wanted), __VA_ARGS__);     \
        check_number(format_text(got, sizeof(got), __VA_ARGS__),               \
                     wanted_length);                                           \
        check_text(got, wanted);                                               \
    } while (0)

/* Writes the flags whose bits are set. */
static char *flags_append(char *end, const char *flags, unsigned set)
{
    for (; *flags; flags++, set >>= 1)
        if (set & 1)
            *end++ = *flags;
    return end;
}

static void compare_values(const char *length, const char *format)
{
    for (size_t i = 0; i < array_count(values); i++) {
        if (strcmp(length, "ll") == 0)
            compare(format, values[i]);
        else if (strcmp(length, "l") == 0)
            compare(format, (long)values[i]);
        else if (strcmp(length, "z") == 0)
            compare(format, (size_t)values[i]);
        else
            compare(format, (int)values[i]);
    }
}

static void compare_all(char letter, const char *flags)
{
    static const char *const lengths[] = {"", "hh", "h", "l", "ll", "z"};
    for (unsigned set = 0; set < 1u << strlen(flags); set++)
        for (size_t w = 0; w < array_count(widths); w++)
            for (size_t p = 0; p < array_count(precisions); p++)
                for (size_t l = 0; l < array_count(lengths); l++) {
                    char format[32] = "[%";
                    char *end = flags_append(format + 2, flags, set);
                    sprintf(end, "%s%s%s%c]", widths[w], precisions[p],
                            lengths[l], letter);
                    compare_values(lengths[l], format);
                }
}

static void signed_numbers(void)
{
    compare_all('d', "-0+ ");
    compare_all('i', "-0+ ");
}

static void unsigned_numbers(void)
{
    compare_all('u', "-0");
}

static void hexadecimal_numbers(void)
{
    compare_all('x', "-0#");
    compare_all('X', "-0#");
}

static void octal_numbers(void)
{
    compare_all('o', "-0#");
}

static void strings_and_characters(void)
{
    static const char *const texts[] = {"", "a", "hello",
                                        "a much longer text than that"};
    for (size_t w = 0; w < array_count(widths); w++)
        for (int left = 0; left < 2; left++) {
            char format[32];
            sprintf(format, "[%%%s%sc]", left ? "-" : "", widths[w]);
            compare(format, 'x');
            for (size_t p = 0; p < array_count(precisions); p++)
                for (size_t t = 0; t < array_count(texts); t++) {
                    sprintf(format, "[%%%s%s%ss]", left ? "-" : "", widths[w],
                            precisions[p]);
                    compare(format, texts[t]);
                }
        }
}

static void null_string(void)
{
    char got[16];
    const char *volatile nothing = NULL;
    format_text(got, sizeof(got), "[%s]", nothing);
    check_text(got, "[(null)]");
}

static void precision_bounds_the_read(void)
{
    char *text = malloc(3);
    memcpy(text, "abc", 3); /* no NUL: reading on is caught by the sanitizer */
    char got[8];
    check_number(format_text(got, sizeof(got), "%.3s", text), 3);
    check_text(got, "abc");
    free(text);
}

static void stars(void)
{
    for (int width = -6; width <= 6; width++)
        for (int precision = -2; precision <= 6; precision++) {
            compare("[%*d]", width, 42);
            compare("[%.*d]", precision, 42);
            compare("[%*.*x]", width, precision, 42);
            compare("[%0*d]", width, -42);
            compare("[%*.*s]", width, precision, "text");
        }
}

static void mixed(void)
{
    compare("100%% of %d%c %s-%lu", 7, '!', "x", 99ul);
    compare("no conversion");
    compare("%s%s%s", "a", "", "b");
}

static void pointers(void)
{
    char got[32];
    format_text(got, sizeof(got), "%p", (void *)0xc0101234);
    check_text(got, "c0101234");
    format_text(got, sizeof(got), "%p", (void *)0x12);
    check_text(got, "00000012");
    format_text(got, sizeof(got), "[%12p]", NULL);
    check_text(got, "[    00000000]");
}

static void cut_at_every_size(void)
{
    char wanted[64], got[64];
    for (size_t size = 0; size < 40; size++) {
        memset(wanted, '#', sizeof(wanted));
        memset(got, '#', sizeof(got));
        int length = snprintf(wanted, size, "%s %d %08x", "abcdef", -12345, 77);
        check_number(format_text(got, size, "%s %d %08x", "abcdef", -12345, 77),
                     length);
        check(memcmp(got, wanted, sizeof(got)) == 0);
    }
    check_number(format_text(NULL, 0, "%d", 1234), 4);
}

/* The kernel must survive its own bad formats. */
static void unknown_conversions(void)
{
    static const char *const formats[] = {"%", "%y", "%-", "a%", "%5", "%ll"};
    for (size_t i = 0; i < array_count(formats); i++) {
        char got[16];
        format_text(got, sizeof(got), formats[i], 1, 2, 3);
        check_text(got, formats[i]);
    }
}

UNIT_TESTS(UNIT_TEST(signed_numbers), UNIT_TEST(unsigned_numbers),
           UNIT_TEST(hexadecimal_numbers), UNIT_TEST(octal_numbers),
           UNIT_TEST(strings_and_characters), UNIT_TEST(null_string),
           UNIT_TEST(precision_bounds_the_read), UNIT_TEST(stars),
           UNIT_TEST(mixed), UNIT_TEST(pointers), UNIT_TEST(cut_at_every_size),
           UNIT_TEST(unknown_conversions))
