/*
 * The log is a ring of bytes that only grows: `written` counts all bytes ever
 * written (modulo 2^32), and byte n lies at n % LOG_SIZE until it is
 * overwritten. Each console remembers how far it has come.
 *
 * Two locks: log_lock for the ring, held for a copy of a few bytes; and
 * console_lock, held by the one who writes to the devices. Who finds it taken
 * leaves: its holder looks once more after letting go, so nothing stays
 * behind. In a panic no lock is taken, since its holder may be stopped.
 */
#include "core/printk.h"
#include "core/spinlock.h"
#include "lib/format.h"

#define MESSAGE_SIZE 256
#define CHUNK_SIZE   128

static struct spinlock log_lock = SPINLOCK_INITIALIZER(RANK_PRINTK);
/* Under log_lock: */
static char ring[LOG_SIZE];
static volatile u32 written;
static u32 kept;           /* the newest bytes that the ring holds */
static u32 cleared, taken; /* log_copy begins, log_take goes on here */

static struct spinlock console_lock = SPINLOCK_INITIALIZER(RANK_CONSOLE);
/* Under console_lock, as is `shown` of each: */
static struct log_console *consoles;

static volatile bool quiet;
static volatile bool in_panic;

static void log_lock_take(void)
{
    if (!in_panic)
        spin_lock(&log_lock);
}

static void log_lock_release(void)
{
    if (!in_panic)
        spin_unlock(&log_lock);
}

static void ring_append(const char *bytes, u32 size)
{
    log_lock_take();
    for (u32 i = 0; i < size; i++)
        ring[(written + i) % LOG_SIZE] = bytes[i];
    written += size;
    kept = min(kept + size, LOG_SIZE);
    log_lock_release();
}

/* Copies what follows *position and moves it on; skips what is lost. */
static u32 ring_read(u32 *position, char *buffer, u32 size)
{
    log_lock_take();
    if (written - *position > kept)
        *position = written - kept;
    u32 count = min(written - *position, size);
    for (u32 i = 0; i < count; i++)
        buffer[i] = ring[(*position + i) % LOG_SIZE];
    *position += count;
    log_lock_release();
    return count;
}

static void console_show(struct log_console *console)
{
    char chunk[CHUNK_SIZE];
    u32 count;
    while ((count = ring_read(&console->shown, chunk, sizeof(chunk))) != 0)
        console->write(chunk, count);
}

static void consoles_show(void)
{
    for (struct log_console *c = consoles; c != NULL; c = c->next)
        console_show(c);
}

/* Read without the lock: a console is only ever added, and who wrote the
 * newest message looks after having written it. */
static bool consoles_behind(void)
{
    for (struct log_console *c = consoles; c != NULL; c = c->next)
        if (c->shown != written)
            return true;
    return false;
}

static void log_drain(void)
{
    if (in_panic) {
        consoles_show();
        return;
    }
    while (!quiet && consoles_behind()) {
        if (!spin_try_lock(&console_lock))
            return;
        consoles_show();
        spin_unlock(&console_lock);
    }
}

void printk(const char *format, ...)
{
    char message[MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    u32 length = format_text_list(message, sizeof(message), format, arguments);
    va_end(arguments);
    ring_append(message, min(length, (u32)sizeof(message) - 1));
    log_drain();
}

void log_console_register(struct log_console *console)
{
    spin_lock(&console_lock);
    console->shown = written - kept;
    console->next = consoles;
    consoles = console;
    spin_unlock(&console_lock);
    log_drain();
}

/* Passes over what came while nobody was to see it. */
static void consoles_skip(void)
{
    for (struct log_console *c = consoles; c != NULL; c = c->next)
        c->shown = written;
}

bool log_set_quiet(bool be_quiet)
{
    bool before = quiet;

    if (before && !be_quiet) {
        spin_lock(&console_lock);
        consoles_skip();
        spin_unlock(&console_lock);
    }
    quiet = be_quiet;
    return before;
}

size_t log_copy(char *buffer, size_t size)
{
    u32 since = min(written - cleared, kept);
    u32 position = written - min(since, (u32)size);
    return ring_read(&position, buffer, (u32)size);
}

void log_clear(void)
{
    cleared = written;
}

size_t log_take(char *buffer, size_t size)
{
    return ring_read(&taken, buffer, (u32)size);
}

u32 log_untaken(void)
{
    return min(written - taken, kept);
}

void log_enter_panic(void)
{
    in_panic = true;
    if (quiet)
        consoles_skip();
}
