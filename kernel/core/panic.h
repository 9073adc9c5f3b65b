/*
 * The last words. For our own bugs only, never for what a user can cause.
 *
 * panic prints the message, registers, current thread, the sections that
 * upper floors registered and a backtrace (one line a frame:
 * `  c0101234 function+0x12`), then ends the machine with the panic code.
 * It takes no lock. A panic inside a panic ends the machine at once.
 */
#pragma once

#include "lib/types.h"
#include <stdarg.h>

struct trap_frame;

/* x86/entry.asm: with the processor context of who calls it. */
noreturn void panic(const char *format, ...) printf_like(1, 2);

/* As panic, with the processor context in which it happened. */
noreturn void panic_at(const struct trap_frame *frame, const char *format, ...)
    printf_like(2, 3);
noreturn void panic_with(const struct trap_frame *frame, const char *format,
                         va_list arguments);

/* Defined by x86/: backtrace_print, from where this context was. */
void on_panic_backtrace(const struct trap_frame *frame);

/* Whether another CPU is reporting, so that this one is to halt for good. */
bool panic_is_elsewhere(void);
/* Defined by x86/: makes the others see that, wherever they are. */
void on_panic_stop_others(void);

/* A part of the report. */
struct panic_section {
    const char *title;
    void (*print)(const struct trap_frame *frame);
    struct panic_section *next;
};

void panic_section_register(struct panic_section *section);

/* Prints the frames from `frame_pointer` on, newest first. `address` (unless
 * 0) is printed as the innermost line. Reads only kernel stacks. */
void backtrace_print(u32 address, u32 frame_pointer);

/* Boot's own short words for what a person can mend: prints one sentence to
 * every console, then ends the machine as panic does, without a report. */
noreturn void halt_with_message(const char *format, ...) printf_like(1, 2);

#define assert(condition)                                                      \
    do {                                                                       \
        if (unlikely(!(condition)))                                            \
            panic("%s:%d: not true: %s", __FILE__, __LINE__, #condition);      \
    } while (0)

/* An assert too dear for the default build. */
#define assert_checked(condition)                                              \
    do {                                                                       \
        if (CHECKED)                                                           \
            assert(condition);                                                 \
    } while (0)
