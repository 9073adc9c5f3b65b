/*
 * The ring of a pipe: reading, writing, waiting. It has PIPE_CAPACITY bytes in
 * pages of its own.
 *
 * A few bytes are copied under the spinlock, if no page fault comes between.
 * Else a reader marks the pipe as being read and then copies out, without the
 * lock, bytes that nobody else will move; a writer likewise copies into free
 * places. One reader and one writer may copy at the same time. A writer keeps
 * its mark until all of its bytes are in, so that no write is ever mixed with
 * another.
 *
 *      0          read_at              write_at        (both only grow)
 *      |  free      |  bytes to be read   |  free  |
 *
 * A sleeping writer says how much room it needs (room_wanted): less is not
 * worth waking it. That need never exceeds what it must have to go on, or
 * half of the pipe while it could not finish anyhow.
 */
#include "fs/pipe_ring.h"

#include "fs/upcalls.h"
#include <asm/errno.h>
#include <asm/ioctls.h>
#include <asm/poll.h>
#include <linux/fcntl.h>
#include <linux/limits.h>

/* So few bytes are copied under the lock. */
#define LITTLE 512u

/* Bytes to read, 0 at the end of file, or -errno. Lock held. */
static int wait_for_bytes(struct pipe *pipe, const struct file *file)
{
    while (pipe->reading || pipe_used(pipe) == 0) {
        if (!pipe->reading && pipe->writer_count == 0)
            return 0;
        if (file->flags & O_NONBLOCK)
            return -EAGAIN;
        int error = wait_queue_wait(&pipe->readers, 0, INTERRUPTIBLE);
        if (error < 0)
            return error;
    }
    return pipe_used(pipe);
}

/* The place in the ring of a byte. */
static inline u8 *ring_place(const struct pipe *pipe, u32 at)
{
    return pipe->pages[at / PAGE_SIZE % PIPE_PAGES] + at % PAGE_SIZE;
}

/* Bytes copied, or -EFAULT when not even the first page's were. */
static ssize ring_copy_out(const struct pipe *pipe, u32 at, u32 size,
                           struct io_cursor *to)
{
    u32 end = at + size, place = at;
    do {
        u32 part = min(end - place, PAGE_SIZE - place % PAGE_SIZE);
        int error = io_copy_out(to, ring_place(pipe, place), part);
        if (unlikely(error < 0))
            return place != at ? (ssize)(place - at) : error;
        place += part;
    } while (place != end);
    return size;
}

/* Makes the page that a byte is to go into. */
static bool ring_make_page(struct pipe *pipe, u32 at)
{
    u8 **page = &pipe->pages[at / PAGE_SIZE % PIPE_PAGES];
    if (likely(*page != NULL))
        return true;
    struct frame *frame = frame_alloc();
    if (frame != NULL)
        *page = frame_address(frame);
    return frame != NULL;
}

static inline ssize ring_copy_in(struct pipe *pipe, u32 at, u32 size,
                                 struct io_cursor *from)
{
    u32 end = at + size, place = at;
    do {
        u32 part = min(end - place, PAGE_SIZE - place % PAGE_SIZE);
        int error = -ENOMEM;
        if (likely(ring_make_page(pipe, place)))
            error = io_copy_in(from, ring_place(pipe, place), part);
        if (unlikely(error < 0))
            return place != at ? (ssize)(place - at) : error;
        place += part;
    } while (place != end);
    return size;
}

/* Can so many bytes be copied at once: few, in one piece on both sides? */
static inline bool is_little(const struct io_cursor *cursor, u32 at, u32 size)
{
    return size <= LITTLE && size <= cursor->here && !cursor->kernel &&
           at % PAGE_SIZE + size <= PAGE_SIZE;
}

/* `size` bytes have been read: who waits for room or for the rest is woken.
 * Lock held. */
static inline void ring_consume(struct pipe *pipe, u32 size)
{
    pipe->read_at += size;
    if (unlikely(pipe_used(pipe) != 0))
        wake_reader(pipe);
    if (unlikely(pipe_room(pipe) >= pipe->room_wanted))
        wake_writers(pipe);
}

/* A few bytes, under the lock. False when their destination must be made or
 * looked for first. */
static inline bool read_at_once(struct pipe *pipe, u32 size,
                                struct io_cursor *to)
{
    u32 at = pipe->read_at;
    if (!is_little(to, at, size) ||
        user_copy_out_nofault((void user *)to->place, ring_place(pipe, at),
                              size) < 0)
        return false;
    io_advance(to, size);
    ring_consume(pipe, size);
    return true;
}

/* More, straight out of the ring. The lock is held on entry. */
static __attribute__((noinline)) ssize read_much(struct pipe *pipe, u32 size,
                                                 struct io_cursor *to)
{
    u32 start = pipe->read_at;
    pipe->reading = true;
    spin_unlock(&pipe->lock);

    ssize result = ring_copy_out(pipe, start, size, to);

    spin_lock(&pipe->lock);
    pipe->reading = false;
    ring_consume(pipe, max(result, 0));
    if (pipe->writer_count == 0)
        wake(&pipe->readers); /* some may have to see the end */
    spin_unlock(&pipe->lock);
    return result;
}

ssize pipe_read(struct file *file, struct io_cursor *to, u64 *offset)
{
    struct pipe *pipe = file->data;
    u32 wanted = to->remaining;
    if (unlikely(wanted == 0))
        return 0;
    spin_lock(&pipe->lock);
    int ready = wait_for_bytes(pipe, file);
    if (unlikely(ready <= 0)) {
        spin_unlock(&pipe->lock);
        return ready;
    }
    u32 size = min((u32)ready, wanted);
    if (unlikely(!read_at_once(pipe, size, to)))
        return read_much(pipe, size, to);
    spin_unlock(&pipe->lock);
    return size;
}

/* Until the pipe has `least` bytes of room. Lock held. */
static int wait_for_room(struct pipe *pipe, const struct file *file, u32 least,
                         u32 wanted)
{
    while (pipe->reader_count != 0) {
        if (pipe_room(pipe) >= least)
            return 0;
        if (file->flags & O_NONBLOCK)
            return -EAGAIN;
        pipe->room_wanted = min(pipe->room_wanted, wanted);
        int error = wait_queue_wait(&pipe->writers, 0, INTERRUPTIBLE);
        if (error < 0)
            return error;
    }
    return -EPIPE;
}

/* A ring that is empty begins again: small talk stays in one page. */
static inline void ring_restart(struct pipe *pipe)
{
    if (pipe_used(pipe) == 0 && !pipe->reading)
        pipe->read_at = pipe->write_at = 0;
}

/* Writes what fits now; `total` bytes were asked for in all. Lock held before
 * and after, the pipe marked as being written. */
static int write_some(struct pipe *pipe, const struct file *file, u32 total,
                      struct io_cursor *from)
{
    bool atomic = total <= PIPE_BUF;
    u32 least = atomic ? total : 1;
    u32 wanted = atomic ? total : min(from->remaining, PIPE_CAPACITY / 2);
    int error = wait_for_room(pipe, file, least, wanted);
    if (error < 0)
        return error;
    ring_restart(pipe);
    u32 start = pipe->write_at, size = min(pipe_room(pipe), from->remaining);
    spin_unlock(&pipe->lock);

    ssize result = ring_copy_in(pipe, start, size, from);

    spin_lock(&pipe->lock);
    if (result < 0)
        return result;
    /* An atomic write over two pages that faulted on the second did not
     * happen; a long one may end early. */
    if (atomic && (u32)result < size)
        return -EFAULT;
    pipe->write_at += result;
    wake_reader(pipe);
    return 0;
}

/* Until nobody else writes. Lock held. */
static int wait_for_turn(struct pipe *pipe, const struct file *file)
{
    int error = 0;
    while (pipe->writing && error == 0) {
        if (file->flags & O_NONBLOCK)
            return -EAGAIN;
        error = wait_queue_wait(&pipe->writers, 0, INTERRUPTIBLE);
    }
    return error;
}

/* Any size, waiting as it must. The lock is held on entry. */
static __attribute__((noinline)) ssize
write_slowly(struct pipe *pipe, const struct file *file, struct io_cursor *from)
{
    u32 total = from->remaining;
    int error = wait_for_turn(pipe, file);
    if (error < 0) {
        spin_unlock(&pipe->lock);
        return error;
    }
    pipe->writing = true;
    do
        error = write_some(pipe, file, total, from);
    while (error == 0 && from->remaining != 0);
    pipe->writing = false;
    wake(&pipe->writers);
    spin_unlock(&pipe->lock);
    if (error == -EPIPE)
        on_broken_pipe();
    bool moved = from->remaining != total && (error == 0 || total > PIPE_BUF);
    return moved ? (ssize)(total - from->remaining) : error;
}

/* Would a write of this size go through without waiting? Lock held. */
static inline bool write_fits(const struct pipe *pipe, u32 size)
{
    return !pipe->writing && pipe->reader_count != 0 && pipe_room(pipe) >= size;
}

/* All of it, straight into the ring. The lock is held on entry. */
static __attribute__((noinline)) ssize write_much(struct pipe *pipe, u32 size,
                                                  struct io_cursor *from)
{
    u32 start = pipe->write_at;
    pipe->writing = true;
    spin_unlock(&pipe->lock);

    ssize result = ring_copy_in(pipe, start, size, from);
    if (size <= PIPE_BUF && result > 0 && (u32)result < size)
        result = -EFAULT; /* all or nothing */

    spin_lock(&pipe->lock);
    pipe->writing = false;
    if (likely(result > 0))
        pipe->write_at = start + result;
    wake_reader(pipe);
    wake(&pipe->writers);
    spin_unlock(&pipe->lock);
    return result;
}

/* A few bytes, under the lock. False when their page in the ring or in user
 * memory must be made or looked for first. */
static inline bool write_at_once(struct pipe *pipe, u32 size,
                                 struct io_cursor *from)
{
    u32 at = pipe->write_at;
    if (!is_little(from, at, size) ||
        pipe->pages[at / PAGE_SIZE % PIPE_PAGES] == NULL ||
        user_copy_in_nofault(ring_place(pipe, at),
                             (const void user *)from->place, size) < 0)
        return false;
    io_advance(from, size);
    pipe->write_at = at + size;
    return true;
}

ssize pipe_write(struct file *file, struct io_cursor *from, u64 *offset)
{
    struct pipe *pipe = file->data;
    u32 size = from->remaining;
    if (unlikely(size == 0))
        return 0;
    spin_lock(&pipe->lock);
    if (unlikely(!write_fits(pipe, size)))
        return write_slowly(pipe, file, from);
    ring_restart(pipe);
    if (unlikely(!write_at_once(pipe, size, from)))
        return write_much(pipe, size, from);
    wake_reader(pipe);
    spin_unlock(&pipe->lock);
    return size;
}

u32 pipe_poll(struct file *file, struct poll_table *table)
{
    struct pipe *pipe = file->data;
    u32 state = 0;
    if (file_is_readable(file))
        poll_table_add(table, &pipe->readers);
    if (file_is_writable(file))
        poll_table_add(table, &pipe->writers);
    spin_lock(&pipe->lock);
    if (file_is_readable(file)) {
        if (pipe_used(pipe) != 0 && !pipe->reading)
            state |= POLLIN | POLLRDNORM;
        /* A FIFO that had no writer since it was opened did not hang up. */
        if (pipe->writer_count == 0 && pipe->writer_opens != file->offset)
            state |= POLLHUP;
    }
    if (file_is_writable(file)) {
        if (pipe->reader_count == 0)
            state |= POLLERR;
        if (pipe_room(pipe) >= PIPE_BUF && !pipe->writing)
            state |= POLLOUT | POLLWRNORM;
        else
            pipe->room_wanted = min(pipe->room_wanted, (u32)PIPE_BUF);
    }
    spin_unlock(&pipe->lock);
    return state;
}

int pipe_ioctl(struct file *file, u32 request, u32 argument)
{
    struct pipe *pipe = file->data;
    if (request != FIONREAD)
        return -ENOTTY;
    spin_lock(&pipe->lock);
    u32 used = pipe_used(pipe);
    spin_unlock(&pipe->lock);
    return user_store((u32 user *)(uintptr_t)argument, used);
}
