/*
 * A panic on the host ends in the test that waits for it (fake_panic_wait),
 * or fails the test that does not.
 */
#pragma once

#include "lib/types.h"
#include "unit.h"

static jmp_buf fake_panic_end;
static bool fake_panic_wanted;
static char fake_panic_text[256];

static noreturn printf_like(1, 2) void panic(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fake_panic_text, sizeof(fake_panic_text), format, arguments);
    va_end(arguments);
    if (fake_panic_wanted)
        longjmp(fake_panic_end, 1);
    printf("FAIL %s wanted no panic got \"%s\"\n", unit_name, fake_panic_text);
    longjmp(unit_end, 1);
}

#define assert(condition)                                                      \
    do {                                                                       \
        if (!(condition))                                                      \
            panic("%s:%d: not true: %s", __FILE__, __LINE__, #condition);      \
    } while (0)
#define assert_checked(condition) assert(condition)

/* Runs the statement; the test goes on only if it panicked with this text. */
#define check_panics(statement, part)                                          \
    do {                                                                       \
        fake_panic_wanted = true;                                              \
        if (setjmp(fake_panic_end) == 0) {                                     \
            statement;                                                         \
            fake_panic_wanted = false;                                         \
            unit_fail("wanted a panic \"%s\" got none", part);                 \
        }                                                                      \
        fake_panic_wanted = false;                                             \
        if (strstr(fake_panic_text, part) == NULL)                             \
            unit_fail("wanted a panic \"%s\" got \"%s\"", part,                \
                      fake_panic_text);                                        \
    } while (0)
