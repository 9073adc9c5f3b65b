/*
 * The run port's way in: records from the host, taken apart as they come.
 *
 * INPUT goes into a ring as large as the credit, so a host that keeps to its
 * credit never finds it full; what a host sends beyond that is lost and
 * logged once. The ring belongs to the stream or to the terminal, which is
 * known when init opens its streams (run_input_route); until then it just
 * fills. Records are taken apart in interrupt context only, so the parser
 * needs no lock. One reader at a time copies out of the ring, without the
 * lock: the bytes stay put until `read_at` has passed them.
 */
#include "drivers/run_port.h"
#include "core/printk.h"
#include "drivers/run_port_internal.h"
#include "lib/string.h"
#include "mem/frame.h"
#include "proc/process.h"
#include <asm/errno.h>
#include <asm/ioctls.h>
#include <asm/poll.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/fcntl.h>

#define RING_SIZE  RUN_CREDIT
#define RING_ORDER 4

_Static_assert(PAGE_SIZE << RING_ORDER == RING_SIZE, "the ring is one run");

enum input_route { ROUTE_UNKNOWN, ROUTE_STREAM, ROUTE_TERMINAL };

struct spinlock run_lock = SPINLOCK_INITIALIZER(RANK_DRIVER);

static struct {
    u8 *ring;
    u32 read_at, write_at; /* free-running */
    enum input_route route;
    bool ended;   /* INPUT_END has come */
    bool reading; /* somebody copies out of the ring */
    bool pumping; /* somebody feeds the terminal */
    bool hung_up; /* the terminal was told the end */
    struct wait_queue readers;
} input; /* run_lock */

static u32 waiting(void)
{
    return input.write_at - input.read_at;
}

/* The bytes from `at` on that lie in a row in the ring, at most `size`. */
static u32 span(u32 at, u32 size)
{
    return min(size, RING_SIZE - at % RING_SIZE);
}

/* ---- the stream ---------------------------------------------------------- */

/* Becomes the one reader; *size bytes lie at the result. Lock held before and
 * after. NULL with *result: 0 at the end, -EAGAIN, -EINTR. */
static const u8 *reading_begin(bool nonblocking, u32 *size, int *result)
{
    *result = 0;
    while (*result == 0) {
        if (!input.reading && waiting() > 0) {
            input.reading = true;
            *size = span(input.read_at, min(*size, waiting()));
            return input.ring + input.read_at % RING_SIZE;
        }
        if (!input.reading && input.ended)
            return NULL;
        *result = nonblocking
                      ? -EAGAIN
                      : wait_queue_wait(&input.readers, 0, INTERRUPTIBLE);
    }
    return NULL;
}

static void reading_end(u32 consumed)
{
    spin_lock(&run_lock);
    input.read_at += consumed;
    input.reading = false;
    wait_queue_wake_one(&input.readers);
    spin_unlock(&run_lock);
    run_input_grant(consumed);
}

static ssize input_read(struct file *file, struct io_cursor *to, u64 *offset)
{
    u32 size = to->remaining;
    int result;

    if (size == 0)
        return 0;
    spin_lock(&run_lock);
    const u8 *bytes = reading_begin(file->flags & O_NONBLOCK, &size, &result);
    spin_unlock(&run_lock);
    if (!bytes)
        return result;
    result = io_copy_out(to, bytes, size);
    reading_end(result < 0 ? 0 : size);
    return result < 0 ? result : (ssize)size;
}

static u32 input_poll(struct file *file, struct poll_table *table)
{
    poll_table_add(table, &input.readers);
    spin_lock(&run_lock);
    u32 state = waiting() > 0 ? POLLIN | POLLRDNORM : 0;

    if (input.ended)
        state |= POLLHUP;
    spin_unlock(&run_lock);
    return state;
}

static int input_ioctl(struct file *file, u32 request, u32 argument)
{
    if (request != FIONREAD)
        return -ENOTTY;
    spin_lock(&run_lock);
    u32 size = waiting();
    spin_unlock(&run_lock);
    return user_store((u32 user *)(uintptr_t)argument, size);
}

const struct file_operations run_input_operations = {
    .read = input_read,
    .poll = input_poll,
    .ioctl = input_ioctl,
};

/* ---- the terminal -------------------------------------------------------- */

static void terminal_signal(u32 number)
{
    if (run_tty.foreground != 0 && number - 1 < SIGNAL_COUNT)
        signal_send_group(run_tty.foreground, number, SI_USER);
}

/* Some bytes out of the ring, as many as the terminal has room for. */
static u32 pump_take(u8 *bytes, u32 size)
{
    spin_lock(&run_lock);
    size = span(input.read_at, min(size, waiting()));
    memcpy(bytes, input.ring + input.read_at % RING_SIZE, size);
    input.read_at += size;
    spin_unlock(&run_lock);
    return size;
}

/* Becomes the one who feeds the terminal, if there is something to do. */
static bool pump_begin(bool *end)
{
    spin_lock(&run_lock);
    bool mine = input.route == ROUTE_TERMINAL && !input.pumping;

    *end = waiting() == 0 && input.ended && !input.hung_up;
    mine = mine && (*end || (waiting() > 0 && tty_input_room(&run_tty) > 0));
    if (mine) {
        input.pumping = true;
        input.hung_up = input.hung_up || *end;
    }
    spin_unlock(&run_lock);
    return mine;
}

static void pump_end(void)
{
    spin_lock(&run_lock);
    input.pumping = false;
    spin_unlock(&run_lock);
}

/* Others may add to the ring meanwhile, and leave it to us: look again after
 * each turn. */
void run_input_pump(void)
{
    u8 bytes[64];
    bool end;

    while (pump_begin(&end)) {
        u32 room = tty_input_room(&run_tty);
        u32 size = pump_take(bytes, min(room, (u32)sizeof(bytes)));

        for (u32 i = 0; i < size; i++)
            tty_input(&run_tty, bytes[i]);
        if (end)
            terminal_signal(SIGHUP);
        pump_end();
        run_input_grant(size);
    }
}

void run_input_route(bool to_terminal)
{
    spin_lock(&run_lock);
    input.route = to_terminal ? ROUTE_TERMINAL : ROUTE_STREAM;
    spin_unlock(&run_lock);
    run_input_pump();
}

/* ---- records from the host ----------------------------------------------- */

static struct {
    struct record_header header;
    u32 header_have; /* bytes of it that have come */
    u32 value;       /* a payload that is a number, or two */
    u32 have;        /* bytes of the payload that have come */
} record;            /* interrupt context only */

static void on_input(const u8 *bytes, u32 size)
{
    static bool complained;

    spin_lock(&run_lock);
    u32 fits = min(size, RING_SIZE - waiting());
    u32 first = span(input.write_at, fits);
    memcpy(input.ring + input.write_at % RING_SIZE, bytes, first);
    memcpy(input.ring, bytes + first, fits - first);
    input.write_at += fits;
    if (input.route != ROUTE_TERMINAL)
        wait_queue_wake_one(&input.readers);
    spin_unlock(&run_lock);
    if (fits < size && !complained) {
        complained = true;
        printk("run port: the host sent more than its credit\n");
    }
    run_input_pump();
}

static void on_input_end(u32 value)
{
    spin_lock(&run_lock);
    input.ended = true;
    wait_queue_wake_all(&input.readers);
    spin_unlock(&run_lock);
    run_input_pump();
}

static void on_credit(u32 value)
{
    for (u32 i = 0; i < RUN_STREAMS; i++)
        if (run_streams[i].credit_record == record.header.type)
            run_credit_add(&run_streams[i], value);
}

static void on_size(u32 value)
{
    tty_set_size(&run_tty, (u16)value, (u16)(value >> 16));
}

/* What each record does when its whole payload (as much as `value` holds) has
 * come. INPUT is taken as it comes instead. */
static const struct {
    u32 length;
    void (*complete)(u32 value);
} kinds[] = {
    [2] = {0, on_input_end}, [3] = {4, on_credit},       [4] = {4, on_credit},
    [5] = {4, on_size},      [6] = {4, terminal_signal}, [7] = {4, on_credit},
};

#define RECORD_INPUT 1u

static void record_complete(void)
{
    u32 type = record.header.type;

    if (type < array_count(kinds) && kinds[type].complete &&
        record.header.length == kinds[type].length)
        kinds[type].complete(record.value);
    record.header_have = 0;
    record.have = 0;
}

static u32 header_take(const u8 *bytes, u32 size)
{
    u32 missing = sizeof(record.header) - record.header_have;
    u32 count = min(size, missing);

    memcpy((u8 *)&record.header + record.header_have, bytes, count);
    record.header_have += count;
    return count;
}

static u32 payload_take(const u8 *bytes, u32 size)
{
    u32 count = min(size, record.header.length - record.have);

    if (record.header.type == RECORD_INPUT)
        on_input(bytes, count);
    else if (record.have < sizeof(record.value))
        memcpy((u8 *)&record.value + record.have, bytes,
               min(count, sizeof(record.value) - record.have));
    record.have += count;
    return count;
}

static void bytes_take(const u8 *bytes, u32 size)
{
    while (size > 0) {
        bool in_header = record.header_have < sizeof(record.header);
        u32 count =
            in_header ? header_take(bytes, size) : payload_take(bytes, size);

        bytes += count;
        size -= count;
        if (record.header_have == sizeof(record.header) &&
            record.have == record.header.length)
            record_complete();
    }
}

static void on_interrupt(void)
{
    const u8 *bytes;
    u32 size;

    for (;;) {
        spin_lock(&run_lock);
        size = virtio_console_receive(&bytes);
        spin_unlock(&run_lock);
        if (size == 0)
            break;
        bytes_take(bytes, size);
    }
    run_output_continue();
}

void run_port_start(void)
{
    struct frame *ring = frame_alloc_run(RING_ORDER);

    if (!ring) {
        printk("run port: no memory\n");
        return;
    }
    input.ring = frame_address(ring);
    wait_queue_initialize(&input.readers, &run_lock);
    run_output_start();
    if (virtio_console_start(on_interrupt) < 0) {
        frame_free_run(ring, RING_ORDER);
        return;
    }
    tty_register(&run_tty);
    run_nodes_register();
}
