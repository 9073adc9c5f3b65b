/*
 * The 16550 at COM1 (National Semiconductor PC16550D data sheet).
 *
 * Two users share its transmitter: the log polls, so that it works in any
 * context; the terminal puts its bytes in a ring that is emptied by
 * interrupts. Each writes only when the chip says that it has room. A line
 * that is not there, or stuck, costs one bounded wait and loses text, nothing
 * else. Input that the terminal has no room for stays in the chip, so that
 * the other side stops sending, until the terminal has been read.
 */
#include "drivers/serial.h"
#include "core/debug_key.h"
#include "core/printk.h"
#include "core/spinlock.h"
#include "proc/tty.h"
#include "x86/interrupts.h"

#define COM1      0x3f8
#define COM1_LINE 4

enum serial_register {
    DATA = COM1,
    INTERRUPTS = COM1 + 1,
    CAUSE = COM1 + 2, /* when read; else: */
    FIFO = COM1 + 2,
    LINE = COM1 + 3,
    MODEM = COM1 + 4,
    STATUS = COM1 + 5,
    SCRATCH = COM1 + 7,
};

#define INTERRUPT_RECEIVED   0x01
#define INTERRUPT_TRANSMIT   0x02
#define CAUSE_NONE           0x01
#define FIFO_ENABLE_AND_WIPE 0x07
#define LINE_8_BITS          0x03
#define LINE_DIVISOR         0x80
#define MODEM_READY          0x0b /* DTR, RTS, and OUT2: interrupts get out */
#define STATUS_RECEIVED      0x01
#define STATUS_BREAK         0x10
#define STATUS_ROOM          0x20
#define DIVISOR_115200       1

#define FIFO_SIZE  16u
#define RING_SIZE  4096u    /* a power of two */
#define ECHO_ROOM  256u     /* of the ring, which who can wait leaves free */
#define POLL_LIMIT 4000000u /* a second or more */

static struct {
    struct spinlock lock;
    u8 ring[RING_SIZE];
    u32 read_at, write_at;     /* free-running */
    struct wait_queue senders; /* until the ring is half empty */
    u8 interrupts;             /* as last written to the chip */
    volatile bool break_came;  /* its zero byte has not been read */
    bool debug_key;            /* the next byte is one: its interrupt's */
} line;

/* Any context. */
static u8 status_read(void)
{
    u8 status = port_read8(STATUS);

    if (status & STATUS_BREAK)
        line.break_came = true;
    return status;
}

/* ---- the log ------------------------------------------------------------- */

/* What reads the line may be slow, on a busy host by tenths of a second. But
 * after one wait in vain nobody waits until there is room again. */
static void byte_poll_out(u8 byte)
{
    static volatile bool stuck;

    for (u32 i = 0; i < (stuck ? 1 : POLL_LIMIT); i++) {
        if (status_read() & STATUS_ROOM) {
            port_write8(DATA, byte);
            stuck = false;
            return;
        }
        cpu_pause();
    }
    stuck = true;
}

static void log_write(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n')
            byte_poll_out('\r');
        byte_poll_out((u8)bytes[i]);
    }
}

static struct log_console log = {.write = log_write};

static bool is_present(void)
{
    port_write8(SCRATCH, 0x5a);
    return port_read8(SCRATCH) == 0x5a;
}

void serial_start_early(void)
{
    if (!is_present())
        return;
    port_write8(INTERRUPTS, 0);
    port_write8(LINE, LINE_DIVISOR);
    port_write8(DATA, DIVISOR_115200);
    port_write8(INTERRUPTS, 0); /* the divisor's high byte */
    port_write8(LINE, LINE_8_BITS);
    port_write8(FIFO, FIFO_ENABLE_AND_WIPE);
    port_write8(MODEM, MODEM_READY);
    log_console_register(&log);
}

/* ---- the terminal -------------------------------------------------------- */

static void interrupts_want(u8 wanted, u8 unwanted)
{
    u8 next = (u8)((line.interrupts | wanted) & ~unwanted);

    if (next != line.interrupts)
        port_write8(INTERRUPTS, line.interrupts = next);
}

/* Gives the chip what it has room for. Lock held. */
static void transmit(void)
{
    while (line.read_at != line.write_at && (status_read() & STATUS_ROOM)) {
        u32 count = min(line.write_at - line.read_at, FIFO_SIZE);

        while (count-- > 0)
            port_write8(DATA, line.ring[line.read_at++ % RING_SIZE]);
    }
    if (line.read_at == line.write_at)
        interrupts_want(0, INTERRUPT_TRANSMIT);
    else
        interrupts_want(INTERRUPT_TRANSMIT, 0);
    if (line.write_at - line.read_at <= RING_SIZE / 2)
        wait_queue_wake_one(&line.senders);
}

/* Takes what fits below `limit`. Lock held. */
static u32 ring_fill(const char *bytes, size_t size, u32 limit)
{
    u32 used = line.write_at - line.read_at;
    u32 count = used < limit ? min(limit - used, (u32)size) : 0;

    for (u32 i = 0; i < count; i++)
        line.ring[line.write_at++ % RING_SIZE] = (u8)bytes[i];
    return count;
}

static ssize serial_send(struct tty *tty, const char *bytes, size_t size,
                         bool nonblocking)
{
    /* An echo cannot wait, and must show while a program fills the ring. */
    u32 limit = nonblocking ? RING_SIZE : RING_SIZE - ECHO_ROOM;
    size_t sent = 0;
    int result = 0;

    spin_lock(&line.lock);
    for (;;) {
        sent += ring_fill(bytes + sent, size - sent, limit);
        transmit();
        if (sent == size || nonblocking || result < 0)
            break;
        if (line.write_at - line.read_at >= limit)
            result = wait_queue_wait(&line.senders, 0, INTERRUPTIBLE);
    }
    spin_unlock(&line.lock);
    return sent > 0 || result == 0 ? (ssize)sent : result;
}

static void serial_drained(struct tty *tty)
{
    spin_lock(&line.lock);
    interrupts_want(INTERRUPT_RECEIVED, 0);
    spin_unlock(&line.lock);
}

static struct tty serial_tty = {
    .name = "ttyS0",
    .device.number = DEVICE_NUMBER(4, 64),
    .send = serial_send,
    .drained = serial_drained,
};

/* The chip tells of a break once, and of a zero byte in its place. */
static bool debug_key_take(u8 byte)
{
    if (line.debug_key) {
        line.debug_key = false;
        debug_key_pressed((char)byte);
        return true;
    }
    line.debug_key = line.break_came && byte == 0;
    line.break_came = line.break_came && !line.debug_key;
    return line.debug_key;
}

/* The echo comes back to serial_send: the lock is not held. */
static void receive(void)
{
    while (status_read() & STATUS_RECEIVED) {
        if (tty_input_room(&serial_tty) == 0) {
            spin_lock(&line.lock);
            interrupts_want(0, INTERRUPT_RECEIVED);
            spin_unlock(&line.lock);
            return;
        }
        u8 byte = port_read8(DATA);
        if (!debug_key_take(byte))
            tty_input(&serial_tty, byte);
    }
}

static void serial_handle(const struct trap_frame *frame)
{
    while (!(port_read8(CAUSE) & CAUSE_NONE)) {
        receive();
        spin_lock(&line.lock);
        transmit();
        spin_unlock(&line.lock);
    }
}

void serial_start(void)
{
    spinlock_initialize(&line.lock, RANK_DRIVER);
    wait_queue_initialize(&line.senders, &line.lock);
    if (!is_present())
        return;
    tty_register(&serial_tty);
    interrupt_register(COM1_LINE, serial_handle);
    serial_drained(&serial_tty);
}
