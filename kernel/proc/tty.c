/*
 * A terminal as a file: open, read, write, poll; and the two names that stand
 * for some terminal, /dev/tty (the caller's own) and /dev/console.
 *
 * The lock is never held while user memory is touched: bytes go through a
 * buffer, what is written chunk by chunk, what is read in one piece.
 */
#include "proc/tty.h"

#include "mem/heap.h"
#include "proc/process.h"
#include "proc/tty_internal.h"
#include "x86/clock.h"
#include <asm/errno.h>
#include <asm/poll.h>
#include <asm/signal.h>
#include <linux/fcntl.h>

#define TENTH_OF_SECOND (NANOSECONDS_PER_SECOND / 10)

static struct tty *console;

/* ---- reading ------------------------------------------------------------- */

static u32 readable(const struct tty *tty)
{
    return tty->line_at - tty->read_at;
}

/* How long a read waits, and for how much, in raw mode (termios(3)). */
struct read_wait {
    u32 minimum;
    u64 patience; /* nanoseconds, 0 for ever */
};

static struct read_wait read_wait_of(const struct tty *tty, u32 size)
{
    if (tty_has(tty, ICANON))
        return (struct read_wait){1, 0};
    return (struct read_wait){
        .minimum = min((u32)tty->settings.c_cc[VMIN], size),
        .patience = tty->settings.c_cc[VTIME] * TENTH_OF_SECOND,
    };
}

/* Until the read may go on. 0, -EAGAIN, -EINTR. With MIN the time runs from
 * byte to byte, and begins with the first. Lock held. */
static int wait_for_input(struct tty *tty, u32 size, bool nonblocking)
{
    for (;;) {
        struct read_wait wait = read_wait_of(tty, size);
        u32 have = readable(tty);
        bool timed = wait.patience != 0 && (wait.minimum == 0 || have > 0);

        if (have > 0 && have >= wait.minimum)
            return 0;
        if (wait.minimum == 0 && !timed)
            return 0;
        if (nonblocking)
            return have > 0 ? 0 : -EAGAIN;
        u64 deadline = timed ? clock_nanoseconds() + wait.patience : 0;
        int result = wait_queue_wait(&tty->readers, deadline, INTERRUPTIBLE);
        if (result == -ETIMEDOUT || (result < 0 && readable(tty) > 0))
            return 0;
        if (result < 0)
            return result;
    }
}

static bool is_end_of_file(const struct tty *tty, u32 position)
{
    u32 slot = position % TTY_BUFFER_SIZE;
    return bitmap_test(tty->line_ends, slot) && tty->input[slot] == 0;
}

/* Moves bytes out of the ring: of a line, in canonical mode. Lock held. */
static u32 take_input(struct tty *tty, u8 *bytes, u32 size)
{
    bool canonical = tty_has(tty, ICANON), line_over = false;
    u32 count = 0;

    while (count < size && readable(tty) > 0 && !line_over) {
        u32 slot = tty->read_at % TTY_BUFFER_SIZE;
        bool end_of_file = is_end_of_file(tty, tty->read_at);

        line_over = canonical && bitmap_test(tty->line_ends, slot);
        tty->read_at++;
        if (!end_of_file)
            bytes[count++] = tty->input[slot];
    }
    /* A ^D right behind what filled the reader's buffer belongs to it. */
    if (canonical && !line_over && readable(tty) > 0 &&
        is_end_of_file(tty, tty->read_at))
        tty->read_at++;
    return count;
}

/* Waits and takes in one step: what one reader was woken for, no other one
 * finds half taken. */
static ssize take_when_ready(struct tty *tty, u8 *bytes, u32 size,
                             bool nonblocking)
{
    spin_lock(&tty->lock);
    ssize result = wait_for_input(tty, size, nonblocking);
    if (result == 0)
        result = (ssize)take_input(tty, bytes, size);
    spin_unlock(&tty->lock);
    return result;
}

static ssize tty_read(struct file *file, struct io_cursor *to, u64 *offset)
{
    struct tty *tty = file->data;
    u8 little[TTY_CHUNK], *bytes = little;
    u32 size = min(to->remaining, TTY_BUFFER_SIZE);
    ssize result = tty_background_check(tty, SIGTTIN);

    if (result < 0 || size == 0)
        return result;
    if (size > TTY_CHUNK)
        bytes = heap_alloc(size);
    if (!bytes)
        return -ENOMEM;
    result = take_when_ready(tty, bytes, size, file->flags & O_NONBLOCK);
    if (result >= 0 && tty->drained)
        tty->drained(tty);
    if (result > 0 && io_copy_out(to, bytes, (u32)result) < 0)
        result = -EFAULT;
    if (bytes != little)
        heap_free(bytes);
    return result;
}

/* ---- writing ------------------------------------------------------------- */

/* While ^S holds the output, or another writes. Lock held. */
static int wait_while(struct tty *tty, const bool *held, bool nonblocking)
{
    int result = 0;

    while (*held && result == 0)
        result = nonblocking ? -EAGAIN
                             : wait_queue_wait(&tty->writers, 0, INTERRUPTIBLE);
    return result;
}

/* How many of the bytes went out whole, or -errno when none did. */
static ssize write_chunk(struct tty *tty, const u8 *bytes, u32 size,
                         bool nonblocking)
{
    char expanded[2 * TTY_CHUNK];

    spin_lock(&tty->lock);
    int result = wait_while(tty, &tty->stopped, nonblocking);
    u32 length = result == 0 ? tty_expand(tty, bytes, size, expanded) : 0;
    spin_unlock(&tty->lock);
    if (result < 0)
        return result;
    ssize sent = tty->send(tty, expanded, length, nonblocking);
    if (sent < 0 || (u32)sent == length)
        return sent < 0 ? sent : (ssize)size;
    u32 whole = tty_expanded_from(tty, bytes, size, (u32)sent);
    return whole > 0 ? (ssize)whole : nonblocking ? -EAGAIN : -EINTR;
}

/* One write at a time, so that long lines of several writers don't mix. */
static int wait_for_turn(struct tty *tty, bool nonblocking)
{
    spin_lock(&tty->lock);
    int result = wait_while(tty, &tty->writing, nonblocking);
    if (result == 0)
        tty->writing = true;
    spin_unlock(&tty->lock);
    return result;
}

static void end_turn(struct tty *tty)
{
    spin_lock(&tty->lock);
    tty->writing = false;
    wait_queue_wake_all(&tty->writers);
    spin_unlock(&tty->lock);
}

static ssize tty_write(struct file *file, struct io_cursor *from, u64 *offset)
{
    struct tty *tty = file->data;
    bool nonblocking = (file->flags & O_NONBLOCK) != 0;
    u8 bytes[TTY_CHUNK];
    ssize done = 0, part = 0;
    u32 size = 0;

    int result = tty_has(tty, TOSTOP) ? tty_background_check(tty, SIGTTOU) : 0;
    if (result == 0)
        result = wait_for_turn(tty, nonblocking);
    if (result < 0)
        return result;
    while (from->remaining > 0 && part == (ssize)size) {
        size = min(from->remaining, TTY_CHUNK);
        part = io_copy_in(from, bytes, size);
        if (part == 0)
            part = write_chunk(tty, bytes, size, nonblocking);
        if (part > 0)
            done += part;
    }
    end_turn(tty);
    return done > 0 ? done : part;
}

/* ---- the rest ------------------------------------------------------------ */

static u32 tty_poll(struct file *file, struct poll_table *table)
{
    struct tty *tty = file->data;

    poll_table_add(table, &tty->readers);
    poll_table_add(table, &tty->writers);
    spin_lock(&tty->lock);
    u32 state = readable(tty) > 0 ? POLLIN | POLLRDNORM : 0;
    if (!tty->stopped)
        state |= POLLOUT | POLLWRNORM;
    spin_unlock(&tty->lock);
    return state;
}

static const struct file_operations tty_operations = {
    .read = tty_read,
    .write = tty_write,
    .poll = tty_poll,
    .ioctl = tty_ioctl,
};

static int tty_open(struct device *device, struct file *file)
{
    struct tty *tty = device->data;

    file->operations = &tty_operations;
    file->data = tty;
    if (!(file->flags & O_NOCTTY))
        tty_take_if_free(tty);
    return 0;
}

static int own_terminal_open(struct device *device, struct file *file)
{
    file->operations = &tty_operations;
    file->data = tty_of_caller();
    return file->data ? 0 : -ENXIO;
}

static int console_open(struct device *device, struct file *file)
{
    file->operations = &tty_operations;
    file->data = console;
    return console ? 0 : -ENXIO;
}

static struct device own_terminal = {
    .name = "tty",
    .number = DEVICE_NUMBER(5, 0),
    .mode = 0666,
    .operations = &tty_operations,
    .open = own_terminal_open,
};

static struct device console_device = {
    .name = "console",
    .number = DEVICE_NUMBER(5, 1),
    .mode = 0620,
    .operations = &tty_operations,
    .open = console_open,
};

void ttys_start(void)
{
    device_register(&own_terminal);
    device_register(&console_device);
}

static const struct termios default_settings = {
    .c_iflag = ICRNL | IXON,
    .c_oflag = OPOST | ONLCR,
    .c_cflag = B38400 | CS8 | CREAD | HUPCL,
    .c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
    .c_cc = {[VINTR] = 3,
             [VQUIT] = 28,
             [VERASE] = 127,
             [VKILL] = 21,
             [VEOF] = 4,
             [VMIN] = 1,
             [VSTART] = 17,
             [VSTOP] = 19,
             [VSUSP] = 26,
             [VREPRINT] = 18,
             [VDISCARD] = 15,
             [VWERASE] = 23,
             [VLNEXT] = 22},
};

void tty_register(struct tty *tty)
{
    spinlock_initialize(&tty->lock, RANK_TTY);
    wait_queue_initialize(&tty->readers, &tty->lock);
    wait_queue_initialize(&tty->writers, &tty->lock);
    tty->settings = default_settings;
    tty->device.name = tty->name;
    tty->device.mode = 0620;
    tty->device.operations = &tty_operations;
    tty->device.data = tty;
    tty->device.open = tty_open;
    device_register(&tty->device);
    if (!console)
        console = tty;
}

void tty_set_console(struct tty *tty)
{
    console = tty;
}
