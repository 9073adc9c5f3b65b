/*
 * Open files: what a file descriptor points to, shared by dup and fork.
 *
 * Reading and writing goes through a struct user_buffer, so that one
 * operation serves read, readv, pread and the kernel's own reads.
 */
#pragma once

#include "core/spinlock.h"
#include "fs/inode.h"
#include "fs/path.h"
#include "fs/poll.h"
#include "x86/user_copy.h"

/* A cursor over memory to copy to or from: user memory in up to IOV_MAX
 * pieces, or kernel memory. */
struct io_vector {
    void *base; /* a user pointer unless the cursor says kernel */
    u32 size;
};

struct io_cursor {
    u8 *place;                    /* the next byte */
    u32 here;                     /* bytes left in this piece */
    u32 remaining;                /* bytes left in all */
    const struct io_vector *next; /* the piece after it (a kernel copy) */
    bool kernel;
};

static inline void io_cursor_user(struct io_cursor *cursor, void user *base,
                                  u32 size)
{
    *cursor = (struct io_cursor){
        .place = (u8 *)(uintptr_t)base, .here = size, .remaining = size};
}

static inline void io_cursor_kernel(struct io_cursor *cursor, void *base,
                                    u32 size)
{
    *cursor = (struct io_cursor){
        .place = base, .here = size, .remaining = size, .kernel = true};
}

/* Over `count` > 0 pieces of user memory; the sizes add up to `size`. */
static inline void io_cursor_vectors(struct io_cursor *cursor,
                                     const struct io_vector *vectors, u32 size)
{
    *cursor = (struct io_cursor){.place = vectors->base,
                                 .here = vectors->size,
                                 .remaining = size,
                                 .next = vectors + 1};
}

/* The slow halves: several pieces, or kernel memory. */
int io_copy_out_slowly(struct io_cursor *cursor, const void *source, u32 size);
int io_copy_in_slowly(struct io_cursor *cursor, void *destination, u32 size);

/* Past bytes of the piece we are in. */
static inline void io_advance(struct io_cursor *cursor, u32 size)
{
    cursor->place += size;
    cursor->here -= size;
    cursor->remaining -= size;
}

/* Copy and advance. 0, or -EFAULT after which the cursor stands where it was
 * (a part may have been copied). `size` <= remaining. May sleep. */
static inline int io_copy_out(struct io_cursor *cursor, const void *source,
                              u32 size)
{
    if (unlikely(size > cursor->here || cursor->kernel))
        return io_copy_out_slowly(cursor, source, size);
    int error = user_copy_out((void user *)cursor->place, source, size);
    if (likely(error == 0))
        io_advance(cursor, size);
    return error;
}

static inline int io_copy_in(struct io_cursor *cursor, void *destination,
                             u32 size)
{
    if (unlikely(size > cursor->here || cursor->kernel))
        return io_copy_in_slowly(cursor, destination, size);
    int error =
        user_copy_in(destination, (const void user *)cursor->place, size);
    if (likely(error == 0))
        io_advance(cursor, size);
    return error;
}

int io_clear_out(struct io_cursor *cursor, u32 size);

/* Bytes to the end of the page, or the piece, that it stands in: after -EFAULT
 * for more, these may be good. `remaining` > 0. */
u32 io_page_rest(struct io_cursor *cursor);

/* Bytes moved (0: end of file) or -errno; may sleep. *offset is where, and is
 * advanced; streams ignore it. */
typedef ssize file_transfer(struct file *file, struct io_cursor *cursor,
                            u64 *offset);

struct file_operations {
    /* The offset plays no part: reading and writing need no lock of it. So it
     * is, too, for whatever has no `seek`. */
    bool stream;
    file_transfer *read, *write;
    /* POLLIN...; adds waiters to the table (may be NULL: only ask). NULL
     * operation: always ready. Takes no mutex. */
    u32 (*poll)(struct file *file, struct poll_table *table);
    int (*ioctl)(struct file *file, u32 request, u32 argument);
    /* NULL: lseek gives -ESPIPE. */
    s64 (*seek)(struct file *file, s64 offset, int whence);
    int (*read_directory)(struct file *file, directory_emit emit,
                          void *context);
    /* The object that mmap maps, with a reference for the caller; an object
     * NULL stands for pages of zeroes. No operation: -ENODEV. */
    int (*map)(struct file *file, struct memory_object **object);
    int (*sync)(struct file *file);
    /* The last reference is gone. */
    void (*release)(struct file *file);
};

struct file {
    volatile u32 references; /* atomic */
    const struct file_operations *operations;
    volatile u32 flags;       /* O_ACCMODE O_APPEND O_NONBLOCK... */
    struct path path;         /* whence it was opened; pipes have one as well */
    struct mutex offset_lock; /* rank FILE_OFFSET, protects offset */
    u64 offset;
    void *data; /* the operations' own */
};

/* One reference, operations and data set by the caller; NULL when out. */
struct file *file_create(const struct file_operations *operations, u32 flags);
static inline void file_get(struct file *file)
{
    __atomic_fetch_add(&file->references, 1, __ATOMIC_RELAXED);
}
/* The slow half of file_put: closes it. May sleep. */
void file_release(struct file *file);
static inline void file_put(struct file *file)
{
    if (atomic_decrement(&file->references))
        file_release(file);
}

/* In flags: exec opened it. As long as it is open nobody may write it. */
#define FILE_RUNS 0x20u

/* O_RDONLY 0, O_WRONLY 1, O_RDWR 2; 3 (O_PATH) is for neither. */
static inline bool file_is_readable(const struct file *file)
{
    return (file->flags + 1) & 1;
}

static inline bool file_is_writable(const struct file *file)
{
    return (file->flags + 1) & 2;
}

/* Does nobody else move the offset meanwhile? Streams have none; else the
 * only reference is the descriptor by which the call came (fd_borrow). */
static inline bool file_needs_no_lock(const struct file *file)
{
    return file->references == 1 || file->operations->stream ||
           file->operations->seek == NULL;
}

/* The slow half of both: errors, given positions, shared offsets. */
ssize file_transfer_slowly(struct file *file, struct io_cursor *cursor,
                           u64 *position, bool allowed,
                           file_transfer *transfer);

/* Read and write at the file's own offset (with O_APPEND at its end), or at
 * *position for pread and pwrite. -EBADF when not opened for that. */
static inline ssize file_read(struct file *file, struct io_cursor *to,
                              u64 *position)
{
    if (unlikely(position != NULL || !file_is_readable(file) ||
                 file->operations->read == NULL || !file_needs_no_lock(file)))
        return file_transfer_slowly(file, to, position, file_is_readable(file),
                                    file->operations->read);
    return file->operations->read(file, to, &file->offset);
}

static inline ssize file_write(struct file *file, struct io_cursor *from,
                               u64 *position)
{
    if (unlikely(position != NULL || !file_is_writable(file) ||
                 file->operations->write == NULL || !file_needs_no_lock(file)))
        return file_transfer_slowly(file, from, position,
                                    file_is_writable(file),
                                    file->operations->write);
    return file->operations->write(file, from, &file->offset);
}

/* The new offset; -ESPIPE for streams. */
s64 file_seek(struct file *file, s64 offset, int whence);
/* What lseek does to `offset` in a file of `size` bytes: a seek operation. */
s64 file_seek_within(struct file *file, s64 offset, int whence, u32 size);
u32 file_poll(struct file *file, struct poll_table *table);

/* The file has been read: its date moves when it is older than the last change
 * (as Linux's relatime), if the file and its mount want that. */
void file_set_accessed(const struct file *file);
static inline void file_touch_accessed(const struct file *file)
{
    const struct inode *inode = file->path.inode;
    if (unlikely(inode->accessed <= inode->modified))
        file_set_accessed(file);
}

/* Reads from `offset` into kernel memory (exec). Bytes or -errno. */
ssize file_read_kernel(struct file *file, void *buffer, u32 size, u64 offset);

/* Backs an area by a file (vm/address_space.h). */
extern const struct area_backing_operations file_backing_operations;

/* Ready-made operations for regular files whose bytes are a memory object. */
extern const struct file_operations memory_file_operations;
int memory_file_open(struct inode *inode, struct file *file);
/* How far the current process may write from `start` on: 0 and where to in
 * *end, or -EFBIG, with the signal when that is for its own limit. */
int memory_file_limit(u64 start, u32 *end);
/* For directories: read_directory through the inode. */
extern const struct file_operations directory_file_operations;

/* Open files alive: for the books. */
u32 file_count(void);
