/*
 * Open files: reference counts, and who may read and write at which offset.
 *
 * Reads and writes that share one open file are atomic towards each other:
 * its offset lock is held from before the offset is read until it has moved,
 * unless nobody shares it.
 * Streams (pipes, terminals) have no offset, and wait without that lock.
 */
#include "fs/file.h"

#include "core/atomic.h"
#include "mem/heap.h"
#include "vm/address_space.h"
#include "x86/clock.h"
#include <asm/errno.h>
#include <asm/poll.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>

#define POLL_ALWAYS (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM)

static volatile u32 open_files;

struct file *file_create(const struct file_operations *operations, u32 flags)
{
    struct file *file = heap_alloc(sizeof(*file));
    if (file == NULL)
        return NULL;
    *file = (struct file){
        .references = 1,
        .operations = operations,
        .flags = flags,
    };
    mutex_initialize(&file->offset_lock, RANK_FILE_OFFSET);
    atomic_increment(&open_files);
    return file;
}

void file_release(struct file *file)
{
    if (file->operations->release != NULL)
        file->operations->release(file);
    path_put(&file->path);
    heap_free(file);
    atomic_decrement(&open_files);
}

u32 file_count(void)
{
    return atomic_load(&open_files);
}

/* Reading or writing an object of this kind makes no sense. */
static ssize refusal(const struct file *file)
{
    return S_ISDIR(file->path.inode->mode) ? -EISDIR : -EINVAL;
}

ssize file_transfer_slowly(struct file *file, struct io_cursor *cursor,
                           u64 *position, bool allowed, file_transfer *transfer)
{
    if (position != NULL && file->operations->seek == NULL)
        return -ESPIPE;
    if (!allowed)
        return -EBADF;
    if (transfer == NULL)
        return refusal(file);
    mutex_lock(&file->offset_lock);
    ssize result =
        transfer(file, cursor, position != NULL ? position : &file->offset);
    mutex_unlock(&file->offset_lock);
    return result;
}

ssize file_read_kernel(struct file *file, void *buffer, u32 size, u64 offset)
{
    struct io_cursor to;
    if (file->operations->read == NULL)
        return refusal(file);
    io_cursor_kernel(&to, buffer, size);
    return file->operations->read(file, &to, &offset);
}

s64 file_seek(struct file *file, s64 offset, int whence)
{
    if (file->operations->seek == NULL)
        return -ESPIPE;
    mutex_lock(&file->offset_lock);
    s64 result = file->operations->seek(file, offset, whence);
    mutex_unlock(&file->offset_lock);
    return result;
}

s64 file_seek_within(struct file *file, s64 offset, int whence, u32 size)
{
    s64 base = 0;
    if (whence == SEEK_CUR)
        base = file->offset;
    else if (whence == SEEK_END)
        base = size;
    else if (whence == SEEK_HOLE || whence == SEEK_DATA) {
        if (offset < 0 || offset >= size)
            return -ENXIO;
        base = whence == SEEK_HOLE ? size - offset : 0;
    } else if (whence != SEEK_SET)
        return -EINVAL;
    s64 target;
    if (__builtin_add_overflow(base, offset, &target) || target < 0)
        return -EINVAL;
    file->offset = target;
    return target;
}

u32 file_poll(struct file *file, struct poll_table *table)
{
    if (file->operations->poll == NULL)
        return POLL_ALWAYS;
    return file->operations->poll(file, table);
}

void file_set_accessed(const struct file *file)
{
    struct inode *inode = file->path.inode;
    u32 against = MS_RDONLY | MS_NOATIME;
    if (S_ISDIR(inode->mode))
        against |= MS_NODIRATIME;
    if (!(file->flags & O_NOATIME) && !(file->path.mount->flags & against))
        inode->accessed = clock_real_nanoseconds();
}

static void backing_get(void *backing)
{
    file_get(backing);
}

static void backing_put(void *backing)
{
    file_put((struct file *)backing);
}

static void backing_describe(void *backing, char *buffer, size_t size)
{
    const struct file *file = backing;
    path_describe(&file->path, buffer, size);
}

const struct area_backing_operations file_backing_operations = {
    .get = backing_get,
    .put = backing_put,
    .describe = backing_describe,
};
