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

static inline s32 read_file(struct file *file, void user *buffer, size_t size)
{
    struct io_cursor to;
    if (unlikely(size > IO_SIZE_MAX || !user_range_ok(buffer, size))) {
        if (!user_range_ok(buffer, size))
            return -EFAULT;
        size = IO_SIZE_MAX;
    }
    io_cursor_user(&to, buffer, size);
    return file_read(file, &to, NULL);
}

static inline s32 write_file(struct file *file, void user *buffer, size_t size)
{
    struct io_cursor from;
    if (unlikely(size > IO_SIZE_MAX || !user_range_ok(buffer, size))) {
        if (!user_range_ok(buffer, size))
            return -EFAULT;
        size = IO_SIZE_MAX;
    }
    io_cursor_user(&from, buffer, size);
    return file_write(file, &from, NULL);
}

/* By a table that others may change: the file is counted. */
static __attribute__((noinline)) s32 transfer_shared(
    int fd, void user *buffer, size_t size,
    s32 (*transfer)(struct file *file, void user *buffer, size_t size))
{
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    s32 result = transfer(file, buffer, size);
    file_put(file);
    return result;
}

s32 sys_read(int fd, void user *buffer, size_t size)
{
    struct file *file = fd_borrow(files_current(), fd);
    if (unlikely(file == NULL))
        return transfer_shared(fd, buffer, size, read_file);
    return read_file(file, buffer, size);
}

s32 sys_write(int fd, const void user *buffer, size_t size)
{
    struct file *file = fd_borrow(files_current(), fd);
    if (unlikely(file == NULL))
        return transfer_shared(fd, (void user *)buffer, size, write_file);
    return write_file(file, (void user *)buffer, size);
}

s32 sys_pread64(int fd, void user *buffer, size_t size, u64 offset)
{
    struct io_cursor to;
    if ((s64)offset < 0)
        return -EINVAL;
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    io_cursor_user(&to, buffer, min(size, IO_SIZE_MAX));
    s32 result =
        user_range_ok(buffer, size) ? file_read(file, &to, &offset) : -EFAULT;
    file_put(file);
    return result;
}

s32 sys_pwrite64(int fd, const void user *buffer, size_t size, u64 offset)
{
    struct io_cursor from;
    if ((s64)offset < 0)
        return -EINVAL;
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    io_cursor_user(&from, (void user *)buffer, min(size, IO_SIZE_MAX));
    s32 result = user_range_ok(buffer, size) ? file_write(file, &from, &offset)
                                             : -EFAULT;
    file_put(file);
    return result;
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

typedef ssize (*file_mover)(struct file *file, struct io_cursor *cursor,
                            u64 *position);

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

static s32 vectors_call(int fd, const struct iovec user *source, u32 count,
                        u64 *position, file_mover move)
{
    struct io_vector small[VECTORS_ON_STACK], *vectors = small;
    if (count > UIO_MAXIOV)
        return -EINVAL;
    if (position != NULL && (s64)*position < 0)
        return -EINVAL;
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    s32 result = -ENOMEM;
    if (count > VECTORS_ON_STACK)
        vectors = heap_alloc(count * sizeof(*vectors));
    if (vectors != NULL)
        result = user_copy_in(vectors, source, count * sizeof(*vectors));
    if (result == 0)
        result = vectors_move(file, vectors, count, position, move);
    if (vectors != small)
        heap_free(vectors);
    file_put(file);
    return result;
}

s32 sys_readv(int fd, const struct iovec user *vectors, u32 count)
{
    return vectors_call(fd, vectors, count, NULL, file_read);
}

s32 sys_writev(int fd, const struct iovec user *vectors, u32 count)
{
    return vectors_call(fd, vectors, count, NULL, file_write);
}

s32 sys_preadv(int fd, const struct iovec user *vectors, u32 count, u64 offset)
{
    return vectors_call(fd, vectors, count, &offset, file_read);
}

s32 sys_pwritev(int fd, const struct iovec user *vectors, u32 count, u64 offset)
{
    return vectors_call(fd, vectors, count, &offset, file_write);
}

/* With offset -1 these are readv and writev. */
s32 sys_preadv2(int fd, const struct iovec user *vectors, u32 count, u64 offset,
                u32 flags)
{
    if (flags != 0)
        return -EOPNOTSUPP;
    return vectors_call(fd, vectors, count,
                        offset == UINT64_MAX ? NULL : &offset, file_read);
}

s32 sys_pwritev2(int fd, const struct iovec user *vectors, u32 count,
                 u64 offset, u32 flags)
{
    if (flags != 0)
        return -EOPNOTSUPP;
    return vectors_call(fd, vectors, count,
                        offset == UINT64_MAX ? NULL : &offset, file_write);
}

/* ---- offsets ------------------------------------------------------------- */

static s64 seek(int fd, s64 offset, u32 whence)
{
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    s64 result = file_seek(file, offset, whence);
    file_put(file);
    return result;
}

s32 sys_lseek(int fd, s32 offset, u32 whence)
{
    s64 result = seek(fd, offset, whence);
    return result > INT32_MAX ? -EOVERFLOW : (s32)result;
}

s32 sys__llseek(int fd, u32 high, u32 low, u64 user *result, u32 whence)
{
    s64 offset = seek(fd, (s64)((u64)high << 32 | low), whence);
    if (offset < 0)
        return (s32)offset;
    return user_copy_out(result, &offset, sizeof(offset));
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

static s32 send_file(int out_fd, int in_fd, u64 *offset, u32 size)
{
    s32 result = -EBADF;
    struct file *in = file_of(in_fd), *out = file_of(out_fd);
    if (in != NULL && out != NULL)
        result = send_bytes(in, out, offset, size);
    if (in != NULL)
        file_put(in);
    if (out != NULL)
        file_put(out);
    return result;
}

s32 sys_sendfile(int out, int in, s32 user *offset, size_t size)
{
    u32 low;
    if (offset == NULL)
        return send_file(out, in, NULL, size);
    if (user_load(&low, (const u32 user *)offset) < 0)
        return -EFAULT;
    u64 at = (u64)(s64)(s32)low;
    s32 result = send_file(out, in, &at, size);
    if (user_store((u32 user *)offset, (u32)at) < 0)
        return -EFAULT;
    return result;
}

s32 sys_sendfile64(int out, int in, u64 user *offset, size_t size)
{
    u64 at;
    if (offset == NULL)
        return send_file(out, in, NULL, size);
    if (user_copy_in(&at, offset, sizeof(at)) < 0)
        return -EFAULT;
    s32 result = send_file(out, in, &at, size);
    if (user_copy_out(offset, &at, sizeof(at)) < 0)
        return -EFAULT;
    return result;
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

static s32 copy_range(struct file *in, u64 user *in_offset, struct file *out,
                      u64 user *out_offset, u32 size)
{
    u64 in_at, out_at;
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
    u64 gap = in_at < out_at ? out_at - in_at : in_at - out_at;
    if (in->path.inode == out->path.inode && gap < size)
        return -EINVAL; /* it would overlap */
    s32 result = copy_bytes(in, &in_at, out, &out_at, size);
    if (result > 0 && (offset_write(in, in_offset, in_at) < 0 ||
                       offset_write(out, out_offset, out_at) < 0))
        return -EFAULT;
    return result;
}

s32 sys_copy_file_range(int in_fd, u64 user *in_offset, int out_fd,
                        u64 user *out_offset, size_t size, u32 flags)
{
    s32 result = -EBADF;
    if (flags != 0)
        return -EINVAL;
    struct file *in = file_of(in_fd), *out = file_of(out_fd);
    if (in != NULL && out != NULL)
        result =
            copy_range(in, in_offset, out, out_offset, min(size, IO_SIZE_MAX));
    if (in != NULL)
        file_put(in);
    if (out != NULL)
        file_put(out);
    return result;
}
