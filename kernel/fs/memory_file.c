/*
 * Regular files whose bytes are a memory object: what read, write, lseek and
 * mmap do with them.
 *
 * No lock is held while user memory is touched but the inode's mutex in
 * write, which no page fault takes: the frame is held by a reference, so a
 * file may be read into, or written from, a mapping of itself. Writers and
 * truncate exclude each other by the inode's mutex; readers exclude nobody.
 * Bytes past the end of the file are zero in every frame.
 */
#include "fs/file.h"

#include "fs/upcalls.h"
#include "lib/string.h"
#include "sched/thread.h"
#include <asm/errno.h>
#include <linux/fcntl.h>

static inline int page_read(struct memory_object *object, u32 place, u32 size,
                            struct io_cursor *to)
{
    struct frame *frame = memory_object_peek(object, place / PAGE_SIZE);
    if (unlikely(frame == NULL))
        return io_clear_out(to, size);
    u8 *bytes = frame_address(frame);
    int error = io_copy_out(to, bytes + place % PAGE_SIZE, size);
    frame_put(frame);
    return error;
}

/* Bytes of several pages; those before a bad address count, which after a first
 * failure are sought page by page. */
static __attribute__((noinline)) ssize pages_read(struct memory_object *object,
                                                  u32 start, u32 size,
                                                  struct io_cursor *to)
{
    u32 done = 0;
    bool careful = false;
    while (done < size) {
        u32 place = start + done;
        u32 part = min(size - done, PAGE_SIZE - place % PAGE_SIZE);
        if (unlikely(careful))
            part = min(part, io_page_rest(to));
        int error = page_read(object, place, part, to);
        if (likely(error == 0))
            done += part;
        else if (careful)
            return done != 0 ? (ssize)done : error;
        else
            careful = true;
    }
    return done;
}

static ssize memory_file_read(struct file *file, struct io_cursor *to,
                              u64 *offset)
{
    struct inode *inode = file->path.inode;
    struct memory_object *object = inode->object;
    u32 start = *offset, end = object->size;
    if (unlikely(*offset >> 32 != 0 || start >= end))
        return 0;
    u32 size = min(to->remaining, end - start);
    ssize result = size;
    if (unlikely(start % PAGE_SIZE + size > PAGE_SIZE ||
                 page_read(object, start, size, to) < 0))
        result = pages_read(object, start, size, to);
    if (unlikely(result < 0))
        return result;
    *offset = start + result;
    file_touch_accessed(file);
    return result;
}

/* A frame with zeroes round the part that is about to be written. */
static struct frame *page_prepare(u32 skip, u32 size)
{
    if (frames_are_scarce())
        return NULL;
    struct frame *frame = frame_alloc();
    if (frame == NULL)
        return NULL;
    u8 *bytes = frame_address(frame);
    memset(bytes, 0, skip);
    memset(bytes + skip + size, 0, PAGE_SIZE - skip - size);
    return frame;
}

/* The part of a page that is past the end of the file is zero again. */
static void page_clear_tail(struct memory_object *object, u32 index,
                            struct frame *frame)
{
    u32 start = index * PAGE_SIZE;
    u32 used = object->size > start ? object->size - start : 0;
    if (used < PAGE_SIZE)
        memset((u8 *)frame_address(frame) + used, 0, PAGE_SIZE - used);
}

/* Puts a filled frame into the object, which grows first if it must. A page
 * fault in a shared mapping may have made this page meanwhile: then the bytes
 * go into that one. Consumes the frame. */
static int page_insert(struct memory_object *object, u32 index, u32 skip,
                       u32 size, struct frame *frame)
{
    u32 old_size = object->size, end = index * PAGE_SIZE + skip + size;
    if (end > old_size)
        memory_object_resize(object, end);
    int error = memory_object_insert(object, index, frame);
    if (error == 0)
        return 0;
    struct frame *there = memory_object_peek(object, index);
    if (there != NULL) {
        memcpy((u8 *)frame_address(there) + skip,
               (u8 *)frame_address(frame) + skip, size);
        frame_put(there);
        error = 0;
    } else if (end > old_size) {
        memory_object_resize(object, old_size);
    }
    frame_put(frame);
    return error;
}

static int page_write_fresh(struct memory_object *object, u32 index, u32 skip,
                            u32 size, struct io_cursor *from)
{
    struct frame *frame = page_prepare(skip, size);
    if (frame == NULL)
        return -ENOSPC;
    int error = io_copy_in(from, (u8 *)frame_address(frame) + skip, size);
    if (error < 0) {
        frame_put(frame);
        return error;
    }
    error = page_insert(object, index, skip, size, frame);
    return error == -ENOMEM ? -ENOSPC : error;
}

static int page_write(struct memory_object *object, u32 index, u32 skip,
                      u32 size, struct io_cursor *from)
{
    struct frame *frame = memory_object_peek(object, index);
    if (frame == NULL)
        return page_write_fresh(object, index, skip, size, from);
    u32 end = index * PAGE_SIZE + skip + size;
    int error = io_copy_in(from, (u8 *)frame_address(frame) + skip, size);
    if (error < 0)
        page_clear_tail(object, index, frame);
    else if (end > object->size)
        memory_object_resize(object, end);
    frame_put(frame);
    return error;
}

int memory_file_limit(u64 start, u32 *end)
{
    u64 limit = limit_current(RLIMIT_FSIZE);
    if (start >= limit)
        on_file_too_large();
    *end = (u32)min(limit, (u64)FILE_SIZE_MAX);
    return start < *end ? 0 : -EFBIG;
}

/* The inode's lock is held: nobody else changes the size. */
static ssize write_locked(struct inode *inode, struct io_cursor *from,
                          u64 *offset)
{
    if (from->remaining == 0)
        return 0;
    u32 end;
    int error = memory_file_limit(*offset, &end);
    if (error < 0)
        return error;
    u32 start = *offset, place = start;
    bool careful = false;
    end = start + min(from->remaining, end - start);
    while (place < end) {
        u32 skip = place % PAGE_SIZE;
        u32 part = min(end - place, PAGE_SIZE - skip);
        if (unlikely(careful))
            part = min(part, io_page_rest(from));
        error = page_write(inode->object, place / PAGE_SIZE, skip, part, from);
        if (likely(error == 0))
            place += part;
        else if (careful || error != -EFAULT)
            break;
        else
            careful = true;
    }
    if (place == start)
        return error;
    *offset = place;
    inode_touch_modified(inode);
    return place - start;
}

static ssize memory_file_write(struct file *file, struct io_cursor *from,
                               u64 *offset)
{
    struct inode *inode = file->path.inode;
    mutex_lock(&inode->lock);
    if (file->flags & O_APPEND)
        *offset = inode->object->size;
    ssize result = write_locked(inode, from, offset);
    mutex_unlock(&inode->lock);
    return result;
}

/* The file comes to or leaves those that write its inode, or run it. */
static __attribute__((noinline)) int writers_change(struct file *file,
                                                    bool comes)
{
    struct inode *inode = file->path.inode;
    s32 mine = file->flags & FILE_RUNS ? -1 : 1, change = comes ? mine : -mine;
    mutex_lock(&inode->lock);
    bool busy = comes && (mine < 0 ? inode->writers > 0 : inode->writers < 0);
    if (!busy)
        inode->writers += change;
    mutex_unlock(&inode->lock);
    if (!busy && mine > 0)
        atomic_add(&file->path.mount->writers, (u32)change);
    return busy ? -ETXTBSY : 0;
}

static inline bool only_reads(const struct file *file)
{
    return (file->flags & (O_ACCMODE | FILE_RUNS)) == O_RDONLY;
}

int memory_file_open(struct inode *inode, struct file *file)
{
    if (inode->object == NULL)
        return -EINVAL;
    file->operations = &memory_file_operations;
    if (likely(only_reads(file)))
        return 0;
    int error = writers_change(file, true);
    if (error < 0 || file->flags & FILE_RUNS)
        return error;
    /* The mount may have become read-only just before we were counted. */
    error = mount_writable(file->path.mount);
    if (error < 0)
        (void)writers_change(file, false);
    return error;
}

static void memory_file_release(struct file *file)
{
    if (unlikely(!only_reads(file)))
        (void)writers_change(file, false);
}

static s64 memory_file_seek(struct file *file, s64 offset, int whence)
{
    return file_seek_within(file, offset, whence, inode_size(file->path.inode));
}

static int memory_file_map(struct file *file, struct memory_object **object)
{
    *object = file->path.inode->object;
    memory_object_get(*object);
    return 0;
}

const struct file_operations memory_file_operations = {
    .read = memory_file_read,
    .write = memory_file_write,
    .seek = memory_file_seek,
    .map = memory_file_map,
    .release = memory_file_release,
};
