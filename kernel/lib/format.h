/*
 * printf's formatting without a C library: %d %i %u %x %X %o %c %s %p %% with
 * flags 0 - + space #, width, precision (also *), lengths hh h l ll z.
 * No floating point. %p prints eight hexadecimal digits without 0x.
 */
#pragma once

#include "lib/types.h"
#include <stdarg.h>

/* Writes at most `size` bytes with the final NUL (none when size is 0).
 * Returns the length that the whole text has, without NUL. */
int format_text(char *buffer, size_t size, const char *format, ...)
    printf_like(3, 4);
int format_text_list(char *buffer, size_t size, const char *format,
                     va_list arguments);
