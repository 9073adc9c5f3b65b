/*
 * Bytes and strings in kernel memory. memcpy, memmove, memset and memcmp are
 * what the compiler may call by itself; they use no FPU or SSE register.
 */
#pragma once

#include "lib/types.h"

void *memcpy(void *destination, const void *source, size_t size);
void *memmove(void *destination, const void *source, size_t size);
void *memset(void *destination, int byte, size_t size);
int memcmp(const void *left, const void *right, size_t size);
size_t strlen(const char *string);
size_t strnlen(const char *string, size_t limit);
int strcmp(const char *left, const char *right);
int strncmp(const char *left, const char *right, size_t limit);
char *strchr(const char *string, int character);
char *strrchr(const char *string, int character);

/* Copies at most `size` - 1 bytes and always ends with a NUL. Returns the
 * length of `source`, so a result >= size means that it was cut. */
size_t string_copy(char *destination, const char *source, size_t size);

/* The value of a digit in any base up to 16, or 16 for no digit. */
static inline u32 digit_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return 16;
}

/* Reads an unsigned number (decimal, or hexadecimal after 0x). Returns false
 * and leaves *number alone unless all of `text` is one that fits. */
bool string_to_u32(const char *text, u32 *number);
