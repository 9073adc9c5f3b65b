/*
 * Bytes and strings. Copies and fills are whole words and then the rest, each
 * by one repeated instruction: no loop is shorter, for long rows nor short.
 *
 * Nothing here calls memcpy and its like by accident: the Makefile forbids the
 * compiler to turn these loops into calls of themselves.
 */
#include "lib/string.h"
#include "lib/access_check.h"
#include "lib/instructions.h"

void *memcpy(void *destination, const void *source, size_t size)
{
    access_check_read(source, size);
    access_check_write(destination, size);
    void *rest = words_copy(destination, &source, size / 4);
    bytes_copy(rest, &source, size % 4);
    return destination;
}

void *memmove(void *destination, const void *source, size_t size)
{
    /* Unsigned: also true when the destination lies below the source. */
    if ((uintptr_t)destination - (uintptr_t)source >= size)
        return memcpy(destination, source, size);
    access_check_read(source, size);
    access_check_write(destination, size);
    bytes_copy_down((char *)destination + size - 1,
                    (const char *)source + size - 1, size);
    return destination;
}

void *memset(void *destination, int byte, size_t size)
{
    access_check_write(destination, size);
    u32 word = (u8)byte * 0x01010101u;
    bytes_fill(words_fill(destination, word, size / 4), word, size % 4);
    return destination;
}

int memcmp(const void *left, const void *right, size_t size)
{
    const u8 *a = left;
    const u8 *b = right;
    for (size_t i = 0; i < size; i++)
        if (a[i] != b[i])
            return a[i] - b[i];
    return 0;
}

size_t strlen(const char *string)
{
    size_t length = 0;
    while (string[length] != '\0')
        length++;
    return length;
}

size_t strnlen(const char *string, size_t limit)
{
    size_t length = 0;
    while (length < limit && string[length] != '\0')
        length++;
    return length;
}

int strcmp(const char *left, const char *right)
{
    while (*left != '\0' && *left == *right) {
        left++;
        right++;
    }
    return (u8)*left - (u8)*right;
}

int strncmp(const char *left, const char *right, size_t limit)
{
    for (size_t i = 0; i < limit; i++)
        if (left[i] != right[i] || left[i] == '\0')
            return (u8)left[i] - (u8)right[i];
    return 0;
}

char *strchr(const char *string, int character)
{
    while (*string != (char)character)
        if (*string++ == '\0')
            return NULL;
    return (char *)string;
}

char *strrchr(const char *string, int character)
{
    const char *found = NULL;
    do {
        if (*string == (char)character)
            found = string;
    } while (*string++ != '\0');
    return (char *)found;
}

size_t string_copy(char *destination, const char *source, size_t size)
{
    size_t length = strlen(source);
    if (size == 0)
        return length;
    size_t copied = min(length, size - 1);
    memcpy(destination, source, copied);
    destination[copied] = '\0';
    return length;
}

bool string_to_u32(const char *text, u32 *number)
{
    u32 base = 10;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    }
    u64 value = 0;
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        u32 digit = digit_value(*text);
        if (digit >= base)
            return false;
        value = value * base + digit;
        if (value > UINT32_MAX)
            return false;
    }
    *number = (u32)value;
    return true;
}
