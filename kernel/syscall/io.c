/*
 * Moving bytes: read, write and their kin, lseek, sendfile.
 *
 * These calls only find the file and describe the memory by a cursor; what is
 * read or written and what is waited for is the file's matter (fs/file.c).
 */
#include "syscall/place.h"

#include "mem/heap.h"
#include "x86/user_copy.h"
#include <linux/fs.h>

/* The most one call moves, as on Linux. */
#define IO_SIZE_MAX      0x7ffff000u
#define VECTORS_ON_STACK 8u
#define COPY_BLOCK       (4 * PAGE_SIZE)

_Static_assert(sizeof(struct io_vector) == sizeof(struct iovec) &&
                   offsetof(struct io_vector, size) ==
                       offsetof(struct iovec, iov_len),
               "user land's vectors are read as they are");

static inline s32 file_move(struct file *file, void user *buffer, size_t size,
                            file_mover move)
{
    struct io_cursor cursor;
    if (unlikely(size > IO_SIZE_MAX || !user_range_ok(buffer, size))) {
        if (!user_range_ok(buffer, size))
            return -EFAULT;
        size = IO_SIZE_MAX;
    }
    io_cursor_user(&cursor, buffer, size);
    return move(file, &cursor, NULL);
}

/* By a table that others may change: the file is counted. */
static __attribute__((noinline)) s32 move_shared(int fd, void user *buffer,
                                                 size_t size, file_mover move)
{
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    s32 result = file_move(file, buffer, size, move);
    file_put(file);
    return result;
}

s32 sys_read(int fd, void user *buffer, size_t size)
{
    struct file *file = fd_borrow(files_current(), fd);
    if (unlikely(file == NULL))
        return move_shared(fd, buffer, size, file_read);
    return file_move(file, buffer, size, file_read);
}

s32 sys_write(int fd, const void user *buffer, size_t size)
{
    struct file *file = fd_borrow(files_current(), fd);
    if (unlikely(file == NULL))
        return move_shared(fd, (void user *)buffer, size, file_write);
    return file_move(file, (void user *)buffer, size, file_write);
}

s32 sys_pread64(struct file *file, void user *buffer, size_t size, u64 offset,
                file_mover move)
{
    struct io_cursor cursor;
    if ((s64)offset < 0)
        return -EINVAL;
    if (!user_range_ok(buffer, size))
        return -EFAULT;
    io_cursor_user(&cursor, buffer, min(size, IO_SIZE_MAX));
    return move(file, &cursor, &offset);
}

/* ---- vectors ------------------------------------------------------------- */

/* Adds up the sizes, cut to what one call moves. */
static int vectors_check(struct io_vector *vectors, u32 count, u32 *total)
{
    *total = 0;
    for (u32 i = 0; i < count; i++) {
        if ((s32)vectors[i].size < 0)
            return -EINVAL;
        if (!user_range_ok(vectors[i].base, vectors[i].size))
            return -EFAULT;
        vectors[i].size = min(vectors[i].size, IO_SIZE_MAX - *total);
        *total += vectors[i].size;
    }
    return 0;
}

static s32 vectors_move(struct file *file, struct io_vector *vectors, u32 count,
                        u64 *position, file_mover move)
{
    struct io_cursor cursor;
    u32 total;
    int error = vectors_check(vectors, count, &total);
    if (error < 0)
        return error;
    if (count == 0)
        io_cursor_user(&cursor, NULL, 0);
    else
        io_cursor_vectors(&cursor, vectors, total);
    return move(file, &cursor, position);
}

/* All the calls with vectors. Offset -1 is none, unless it `must` be one. */
s32 sys_preadv2(struct file *file, const struct iovec user *source, u32 count,
                u64 offset, u32 flags, bool must, file_mover move)
{
    struct io_vector small[VECTORS_ON_STACK], *vectors = small;
    bool none = offset == UINT64_MAX && !must;
    if (flags != 0)
        return -EOPNOTSUPP;
    if (count > UIO_MAXIOV || ((s64)offset < 0 && !none))
        return -EINVAL;
    if (count > VECTORS_ON_STACK)
        vectors = heap_alloc(count * sizeof(*vectors));
    if (vectors == NULL)
        return -ENOMEM;
    s32 result = user_copy_in(vectors, source, count * sizeof(*vectors));
    if (result == 0)
        result =
            vectors_move(file, vectors, count, none ? NULL : &offset, move);
    if (vectors != small)
        heap_free(vectors);
    return result;
}

/* ---- offsets ------------------------------------------------------------- */

s32 sys_lseek(struct file *file, s32 offset, u32 whence)
{
    s64 result = file_seek(file, offset, whence);
    return result > INT32_MAX ? -EOVERFLOW : (s32)result;
}

s32 sys__llseek(struct file *file, u32 high, u32 low, s64 *result, u32 whence)
{
    *result = file_seek(file, (s64)((u64)high << 32 | low), whence);
    return *result < 0 ? (s32)*result : 0;
}

/* ---- from file to file --------------------------------------------------- */

/* Moves one block. What was read but not written is to be read again: only
 * *in_at moves, and only past what was written. NULL out_at: at the offset of
 * `out`. Bytes, 0 at the end of the file, or -errno. */
static s32 copy_block(struct file *in, u64 *in_at, struct file *out,
                      u64 *out_at, void *block, u32 size)
{
    struct io_cursor cursor;
    u64 at = *in_at;
    io_cursor_kernel(&cursor, block, min(size, COPY_BLOCK));
    s32 count = file_read(in, &cursor, &at);
    if (count <= 0)
        return count;
    io_cursor_kernel(&cursor, block, count);
    s32 written = file_write(out, &cursor, out_at);
    if (written > 0)
        *in_at += written;
    return written;
}

static s32 copy_bytes(struct file *in, u64 *in_at, struct file *out,
                      u64 *out_at, u32 size)
{
    void *block = heap_alloc(COPY_BLOCK);
    if (block == NULL)
        return -ENOMEM;
    u32 done = 0;
    s32 count = 0;
    while (done < size) {
        u32 wanted = min(size - done, COPY_BLOCK);
        count = copy_block(in, in_at, out, out_at, block, wanted);
        if (count <= 0)
            break;
        done += count;
        if ((u32)count < wanted || thread_is_interrupted())
            break;
    }
    heap_free(block);
    return done != 0 ? (s32)done : count;
}

/* A file whose bytes stay where they are may be copied from. */
static bool can_copy_from(const struct file *file)
{
    const struct file_operations *operations = file->operations;
    return operations->read != NULL && operations->seek != NULL &&
           !operations->stream;
}

/* The input's offset moves only after the bytes have been written. */
static s32 send_bytes(struct file *in, struct file *out, u64 *offset, u32 size)
{
    if (!file_is_readable(in) || !file_is_writable(out))
        return -EBADF;
    if (!can_copy_from(in) || in == out)
        return -EINVAL;
    u64 at = offset != NULL ? *offset : in->offset;
    if ((s64)at < 0)
        return -EINVAL;
    s32 result = copy_bytes(in, &at, out, NULL, min(size, IO_SIZE_MAX));
    if (offset != NULL)
        *offset = at;
    else if (result > 0)
        file_seek(in, at, SEEK_SET);
    return result;
}

s32 sys_sendfile64(struct file *out, struct file *in, void user *offset,
                   size_t size, bool wide)
{
    size_t width = wide ? sizeof(u64) : sizeof(u32);
    u64 at = 0;
    if (offset == NULL)
        return send_bytes(in, out, NULL, size);
    if (user_copy_in(&at, offset, width) < 0)
        return -EFAULT;
    if (!wide)
        at = (u64)(s64)(s32)at;
    s32 result = send_bytes(in, out, &at, size);
    return user_copy_out(offset, &at, width) < 0 ? -EFAULT : result;
}

/* The offset to start at: given, or the file's own. */
static int offset_read(const struct file *file, const u64 user *given, u64 *at)
{
    *at = file->offset;
    if (given != NULL && user_copy_in(at, given, sizeof(*at)) < 0)
        return -EFAULT;
    return (s64)*at < 0 ? -EINVAL : 0;
}

static int offset_write(struct file *file, u64 user *given, u64 at)
{
    if (given != NULL)
        return user_copy_out(given, &at, sizeof(at));
    file_seek(file, at, SEEK_SET);
    return 0;
}

s32 sys_copy_file_range(struct file *in, u64 user *in_offset, struct file *out,
                        u64 user *out_offset, size_t size, u32 flags)
{
    u64 in_at, out_at;
    if (flags != 0)
        return -EINVAL;
    if (!file_is_readable(in) || !file_is_writable(out) ||
        (out->flags & O_APPEND))
        return -EBADF;
    if (in->operations != &memory_file_operations ||
        out->operations != &memory_file_operations)
        return -EINVAL;
    int error = offset_read(in, in_offset, &in_at);
    if (error == 0)
        error = offset_read(out, out_offset, &out_at);
    if (error < 0)
        return error;
    size = min(size, IO_SIZE_MAX);
    u64 gap = in_at < out_at ? out_at - in_at : in_at - out_at;
    if (in->path.inode == out->path.inode && gap < size)
        return -EINVAL; /* it would overlap */
    s32 result = copy_bytes(in, &in_at, out, &out_at, size);
    if (result > 0 && (offset_write(in, in_offset, in_at) < 0 ||
                       offset_write(out, out_offset, out_at) < 0))
        return -EFAULT;
    return result;
}
