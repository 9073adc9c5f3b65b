/*
 * The run port's way out: three streams of bytes and single records.
 *
 * A writer first reserves credit and a buffer of the device, waiting for
 * both; then it copies from user memory without any lock, so that a page
 * fault may do what it likes; then it sends. Bytes go from user memory into
 * the device's buffer, once. Records of one writer keep their order, since it
 * does one after the other.
 */
#include "drivers/run_port_internal.h"
#include "core/boot_info.h"
#include "core/spinlock.h"
#include "lib/string.h"
#include <asm/errno.h>
#include <asm/poll.h>
#include <linux/fcntl.h>

#define GRANT_STEP 16384u /* INPUT credit is granted in pieces of this */

struct run_stream run_streams[RUN_STREAMS] = {
    [RUN_OUTPUT] = {.record = RECORD_OUTPUT, .credit_record = 3},
    [RUN_ERROR] = {.record = RECORD_ERROR, .credit_record = 4},
    [RUN_SINGLE] = {.unlimited = true},
    [RUN_TERMINAL] = {.record = RECORD_TERMINAL, .credit_record = 7},
};

static u32 grant_owed;            /* INPUT credit not yet granted; run_lock */
static struct wait_queue flushed; /* until the host has everything */

void run_output_start(void)
{
    bool unlimited = boot_option_is("run.credit", "unlimited");

    for (u32 i = 0; i < RUN_STREAMS; i++) {
        run_streams[i].credit = RUN_CREDIT;
        run_streams[i].unlimited |= unlimited;
        wait_queue_initialize(&run_streams[i].writers, &run_lock);
    }
    wait_queue_initialize(&flushed, &run_lock);
}

/* ---- reserving ----------------------------------------------------------- */

static bool has_room(const struct run_stream *stream)
{
    return stream->credit > 0 && virtio_console_has_buffers(1);
}

/* Takes a buffer and credit for at most `wanted` bytes, *size of them.
 * 0, -EAGAIN, or -EINTR. */
static int room_reserve(struct run_stream *stream, u32 wanted, bool nonblocking,
                        u8 **buffer, u32 *size)
{
    int result = 0;

    spin_lock(&run_lock);
    while (result == 0 && !has_room(stream))
        result = nonblocking
                     ? -EAGAIN
                     : wait_queue_wait(&stream->writers, 0, INTERRUPTIBLE);
    if (result == 0) {
        *size = min(min(wanted, stream->credit), (u32)RECORD_PAYLOAD_MAX);
        *buffer = virtio_console_buffer_take();
        if (!stream->unlimited)
            stream->credit -= *size;
    }
    spin_unlock(&run_lock);
    return result;
}

static void room_give_back(struct run_stream *stream, u8 *buffer, u32 size)
{
    spin_lock(&run_lock);
    virtio_console_buffer_return(buffer);
    if (!stream->unlimited)
        stream->credit += size;
    wait_queue_wake_one(&stream->writers);
    spin_unlock(&run_lock);
}

static u8 *payload_of(u8 *buffer)
{
    return buffer + sizeof(struct record_header);
}

/* Sends the record whose payload stands in the buffer. Lock held. */
static void record_send(u8 *buffer, u32 type, u32 length)
{
    *(struct record_header *)buffer = (struct record_header){type, length};
    virtio_console_buffer_send(buffer, sizeof(struct record_header) + length);
}

static void record_finish(u8 *buffer, u32 type, u32 length)
{
    spin_lock(&run_lock);
    record_send(buffer, type, length);
    spin_unlock(&run_lock);
}

/* ---- streams ------------------------------------------------------------- */

static ssize stream_write(struct run_stream *stream, struct io_cursor *from,
                          bool nonblocking)
{
    ssize written = 0;

    while (from->remaining > 0) {
        u8 *buffer = NULL;
        u32 size = 0;
        int result =
            room_reserve(stream, from->remaining, nonblocking, &buffer, &size);

        if (result == 0 && io_copy_in(from, payload_of(buffer), size) < 0) {
            room_give_back(stream, buffer, size);
            result = -EFAULT;
        }
        if (result < 0)
            return written > 0 ? written : result;
        record_finish(buffer, stream->record, size);
        written += (ssize)size;
    }
    return written;
}

static ssize output_write(struct file *file, struct io_cursor *from,
                          u64 *offset)
{
    return stream_write(file->data, from, file->flags & O_NONBLOCK);
}

static u32 output_poll(struct file *file, struct poll_table *table)
{
    struct run_stream *stream = file->data;

    poll_table_add(table, &stream->writers);
    spin_lock(&run_lock);
    u32 state = has_room(stream) ? POLLOUT | POLLWRNORM : 0;

    spin_unlock(&run_lock);
    return state;
}

const struct file_operations run_output_operations = {
    .write = output_write,
    .poll = output_poll,
};

void run_credit_add(struct run_stream *stream, u32 credit)
{
    spin_lock(&run_lock);
    if (!stream->unlimited)
        stream->credit += credit;
    wait_queue_wake_one(&stream->writers);
    spin_unlock(&run_lock);
}

/* ---- single records ------------------------------------------------------ */

static int output_flush(void)
{
    int result = 0;

    spin_lock(&run_lock);
    while (result == 0 && !virtio_console_has_buffers(CONSOLE_BUFFERS))
        result = wait_queue_wait(&flushed, 0, INTERRUPTIBLE);
    spin_unlock(&run_lock);
    return result;
}

int run_record_write(u32 type, struct io_cursor *payload)
{
    struct run_stream *stream = &run_streams[RUN_SINGLE];
    u8 *buffer;
    u32 length;
    int result =
        room_reserve(stream, payload->remaining, false, &buffer, &length);

    if (result < 0)
        return result;
    if (io_copy_in(payload, payload_of(buffer), length) < 0) {
        room_give_back(stream, buffer, length);
        return -EFAULT;
    }
    record_finish(buffer, type, length);
    return output_flush();
}

/* Sends what is owed once it is worth a record. Without a buffer it stays
 * owed, and is tried again when one has come back. Lock held. */
static void grant_send(void)
{
    u8 *buffer;

    if (grant_owed < GRANT_STEP || !(buffer = virtio_console_buffer_take()))
        return;
    memcpy(payload_of(buffer), &grant_owed, sizeof(grant_owed));
    grant_owed = 0;
    record_send(buffer, RECORD_CREDIT, sizeof(grant_owed));
}

void run_input_grant(u32 size)
{
    spin_lock(&run_lock);
    grant_owed += size;
    grant_send();
    spin_unlock(&run_lock);
}

void run_output_continue(void)
{
    spin_lock(&run_lock);
    grant_send();
    if (virtio_console_has_buffers(1))
        for (u32 i = 0; i < RUN_STREAMS; i++)
            wait_queue_wake_one(&run_streams[i].writers);
    if (!list_is_empty(&flushed.waiters) &&
        virtio_console_has_buffers(CONSOLE_BUFFERS))
        wait_queue_wake_all(&flushed);
    spin_unlock(&run_lock);
}

/* ---- the terminal's output ----------------------------------------------- */

static ssize run_tty_send(struct tty *tty, const char *bytes, size_t size,
                          bool nonblocking)
{
    struct io_cursor from;

    io_cursor_kernel(&from, (void *)bytes, size);
    ssize sent = stream_write(&run_streams[RUN_TERMINAL], &from, nonblocking);
    return sent == -EAGAIN ? 0 : sent;
}

static void run_tty_drained(struct tty *tty)
{
    run_input_pump();
}

struct tty run_tty = {
    .name = "run/tty",
    .device.number = DEVICE_NUMBER(240, 4),
    .send = run_tty_send,
    .drained = run_tty_drained,
};
