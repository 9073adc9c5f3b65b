/*
 * The kernel's string functions do what the host's do, for every size, every
 * alignment and every overlap, and touch no byte beside.
 */
#include "unit.h"
#include "kernel_string.h"

#define SPAN 96

static void fill_random(unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = unit_random();
}

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static void copies(void)
{
    unsigned char source[SPAN], got[SPAN], wanted[SPAN];
    for (size_t from = 0; from < 8; from++)
        for (size_t to = 0; to < 8; to++)
            for (size_t size = 0; size < SPAN - 8; size++) {
                fill_random(source, SPAN);
                fill_random(got, SPAN);
                memcpy(wanted, got, SPAN);
                memcpy(wanted + to, source + from, size);
                check(kernel_memcpy(got + to, source + from, size) == got + to);
                check(memcmp(got, wanted, SPAN) == 0);
            }
}

static void moves_that_overlap(void)
{
    unsigned char got[SPAN], wanted[SPAN];
    for (size_t from = 0; from < 24; from++)
        for (size_t to = 0; to < 24; to++)
            for (size_t size = 0; size < SPAN - 24; size++) {
                fill_random(got, SPAN);
                memcpy(wanted, got, SPAN);
                memmove(wanted + to, wanted + from, size);
                check(kernel_memmove(got + to, got + from, size) == got + to);
                check(memcmp(got, wanted, SPAN) == 0);
            }
}

static void fills(void)
{
    unsigned char got[SPAN], wanted[SPAN];
    for (size_t to = 0; to < 8; to++)
        for (size_t size = 0; size < SPAN - 8; size++) {
            int byte = (int)unit_random();
            fill_random(got, SPAN);
            memcpy(wanted, got, SPAN);
            memset(wanted + to, byte, size);
            check(kernel_memset(got + to, byte, size) == got + to);
            check(memcmp(got, wanted, SPAN) == 0);
        }
}

static void memory_compares(void)
{
    unsigned char left[16], right[16];
    for (int round = 0; round < 100000; round++) {
        fill_random(left, sizeof(left));
        memcpy(right, left, sizeof(left));
        right[unit_random_below(16)] = unit_random();
        size_t size = unit_random_below(17);
        check_number(sign(kernel_memcmp(left, right, size)),
                     sign(memcmp(left, right, size)));
    }
}

/* A text of few different letters, so that parts of it come again. */
static void random_text(char *text, size_t size)
{
    size_t length = unit_random_below(size);
    for (size_t i = 0; i < length; i++)
        text[i] = "ab\xff"[unit_random_below(3)];
    text[length] = '\0';
}

static void texts_compare(void)
{
    char left[8], right[8];
    for (int round = 0; round < 100000; round++) {
        random_text(left, sizeof(left));
        random_text(right, sizeof(right));
        size_t limit = unit_random_below(10);
        check_number(sign(kernel_strcmp(left, right)),
                     sign(strcmp(left, right)));
        check_number(sign(kernel_strncmp(left, right, limit)),
                     sign(strncmp(left, right, limit)));
        check_number(kernel_strlen(left), strlen(left));
        check_number(kernel_strnlen(left, limit), strnlen(left, limit));
    }
}

static void texts_search(void)
{
    char text[12];
    for (int round = 0; round < 100000; round++) {
        random_text(text, sizeof(text));
        for (const char *letter = "ab\xffz"; *letter; letter++) {
            check(kernel_strchr(text, *letter) == strchr(text, *letter));
            check(kernel_strrchr(text, *letter) == strrchr(text, *letter));
        }
        check(kernel_strchr(text, '\0') == strchr(text, '\0'));
        check(kernel_strrchr(text, '\0') == strrchr(text, '\0'));
    }
}

static void copy_is_cut(void)
{
    char buffer[6];
    for (size_t size = 0; size <= 5; size++) {
        memset(buffer, '#', sizeof(buffer));
        check_number(string_copy(buffer, "abc", size), 3);
        check(buffer[size] == '#');
        if (size != 0)
            check_number(strlen(buffer), size - 1 < 3 ? size - 1 : 3);
        check(strncmp(buffer, "abc", size ? strlen(buffer) : 0) == 0);
    }
}

static void numbers(void)
{
    static const struct {
        const char *text;
        bool valid;
        u32 number;
    } cases[] = {
        {"0", true, 0},
        {"7", true, 7},
        {"0010", true, 10},
        {"4294967295", true, 4294967295u},
        {"4294967296", false, 0},
        {"99999999999999999999999", false, 0},
        {"0x0", true, 0},
        {"0xdeadBEEF", true, 0xdeadbeef},
        {"0X10", true, 16},
        {"0xffffffff", true, 0xffffffff},
        {"0x100000000", false, 0},
        {"", false, 0},
        {"0x", false, 0},
        {"x", false, 0},
        {"12 ", false, 0},
        {" 12", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {"1a", false, 0},
        {"0xg", false, 0},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        u32 number = 0x5a5a5a5a;
        if (string_to_u32(cases[i].text, &number) != cases[i].valid)
            unit_fail("wanted \"%s\" valid %d got the contrary", cases[i].text,
                      cases[i].valid);
        check_number(number, cases[i].valid ? cases[i].number : 0x5a5a5a5a);
    }
}

UNIT_TESTS(UNIT_TEST(copies), UNIT_TEST(moves_that_overlap), UNIT_TEST(fills),
           UNIT_TEST(memory_compares), UNIT_TEST(texts_compare),
           UNIT_TEST(texts_search), UNIT_TEST(copy_is_cut), UNIT_TEST(numbers))
