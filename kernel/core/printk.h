/*
 * The kernel's log: a ring of text, drained to polled consoles.
 *
 * printk may be called in any context, with any lock held: it takes only its
 * own lock, wakes nobody and allocates nothing. A message longer than 256
 * bytes is cut. With `log=quiet` on the command line only panic prints.
 */
#pragma once

#include "lib/types.h"

/* A console writes bytes by polling its device; it may take no lock. */
struct log_console {
    void (*write)(const char *bytes, size_t size);
    struct log_console *next;
    u32 shown; /* how much of the log it has written: printk's */
};

void printk(const char *format, ...) printf_like(1, 2);

/* Adds a console and shows it what the ring still holds. */
void log_console_register(struct log_console *console);

/* Stops or restarts draining to the consoles: the ring still fills, but what
 * comes while it is quiet is not shown later. Returns how it was before. */
bool log_set_quiet(bool quiet);

#define LOG_SIZE (32 * KIB) /* of the ring */

/* Copies the newest part of what came since log_clear, at most `size` bytes,
 * oldest first. Returns how many. */
size_t log_copy(char *buffer, size_t size);
void log_clear(void);

/* The oldest part that nobody has taken yet, and how much there is. */
size_t log_take(char *buffer, size_t size);
u32 log_untaken(void);

/* Panic: from now on every message goes straight to the consoles, lock-free. */
void log_enter_panic(void);
