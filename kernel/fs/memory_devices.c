/*
 * The devices without hardware, numbered as Linux numbers them (major 1).
 *
 * All are streams whose offset plays no part, always ready, and answer lseek
 * with 0. Random bytes never block: the generator is seeded at boot.
 */
#include "fs/device.h"

#include "fs/random.h"
#include <asm/errno.h>

#define CHUNK_SIZE 256u

static ssize null_read(struct file *file, struct io_cursor *to, u64 *offset)
{
    return 0;
}

static ssize null_write(struct file *file, struct io_cursor *from, u64 *offset)
{
    return from->remaining;
}

static ssize full_write(struct file *file, struct io_cursor *from, u64 *offset)
{
    return from->remaining != 0 ? -ENOSPC : 0;
}

static s64 null_seek(struct file *file, s64 offset, int whence)
{
    return 0;
}

/* Moves all that is asked for by steps of at most `limit` bytes. A bad address
 * or a signal ends a long transfer where it has come to. */
static ssize transfer(struct io_cursor *cursor, u32 limit,
                      int (*step)(struct io_cursor *cursor, u32 size))
{
    u32 size = cursor->remaining;
    int error = 0;
    while (cursor->remaining != 0 && error == 0) {
        if (cursor->remaining != size && thread_is_interrupted())
            break;
        error = step(cursor, min(cursor->remaining, limit));
    }
    u32 moved = size - cursor->remaining;
    return moved != 0 ? (ssize)moved : error;
}

static ssize zero_read(struct file *file, struct io_cursor *to, u64 *offset)
{
    return transfer(to, 16 * PAGE_SIZE, io_clear_out);
}

/* Mapped, it is anonymous memory. */
static int zero_map(struct file *file, struct memory_object **object)
{
    *object = NULL;
    return 0;
}

static int random_out(struct io_cursor *to, u32 size)
{
    u8 chunk[CHUNK_SIZE];
    random_bytes(chunk, size);
    return io_copy_out(to, chunk, size);
}

static int random_in(struct io_cursor *from, u32 size)
{
    u8 chunk[CHUNK_SIZE];
    int error = io_copy_in(from, chunk, size);
    if (error == 0)
        random_stir(chunk, size);
    return error;
}

static ssize random_read(struct file *file, struct io_cursor *to, u64 *offset)
{
    return transfer(to, CHUNK_SIZE, random_out);
}

static ssize random_write(struct file *file, struct io_cursor *from,
                          u64 *offset)
{
    return transfer(from, CHUNK_SIZE, random_in);
}

static const struct file_operations null_operations = {
    .stream = true,
    .read = null_read,
    .write = null_write,
    .seek = null_seek,
};

static const struct file_operations zero_operations = {
    .stream = true,
    .read = zero_read,
    .write = null_write,
    .seek = null_seek,
    .map = zero_map,
};

static const struct file_operations full_operations = {
    .stream = true,
    .read = zero_read,
    .write = full_write,
    .seek = null_seek,
};

static const struct file_operations random_operations = {
    .stream = true,
    .read = random_read,
    .write = random_write,
    .seek = null_seek,
};

#define DEVICE(label, minor, what)                                             \
    {                                                                          \
        .name = label, .number = DEVICE_NUMBER(1, minor),                      \
        .operations = &what##_operations, .mode = 0666                         \
    }

static struct device devices[] = {
    DEVICE("null", 3, null),      DEVICE("zero", 5, zero),
    DEVICE("full", 7, full),      DEVICE("random", 8, random),
    DEVICE("urandom", 9, random),
};

void memory_devices_start(void)
{
    for (u32 i = 0; i < array_count(devices); i++)
        device_register(&devices[i]);
}
