/*
 * Open directories: the entries from the file's offset on. The inode's
 * operation offers them; the offset moves only past those that were taken.
 */
#include "fs/file.h"

#include <asm/errno.h>

struct directory_reader {
    struct file *file;
    directory_emit emit;
    void *context;
};

static bool emit_and_advance(void *context, struct name name, u64 inode,
                             u8 type, u64 next_offset)
{
    struct directory_reader *reader = context;
    if (!reader->emit(reader->context, name, inode, type, next_offset))
        return false;
    reader->file->offset = next_offset;
    return true;
}

static int directory_file_read(struct file *file, directory_emit emit,
                               void *context)
{
    struct inode *inode = file->path.inode;
    struct directory_reader reader = {file, emit, context};
    if (inode->operations->read_directory == NULL)
        return -ENOTDIR;
    mutex_lock(&file->offset_lock);
    mutex_lock(&inode->file_system->names);
    int result = inode->operations->read_directory(inode, file->offset,
                                                   emit_and_advance, &reader);
    mutex_unlock(&inode->file_system->names);
    mutex_unlock(&file->offset_lock);
    if (result == 0)
        file_touch_accessed(file);
    return result;
}

static s64 directory_file_seek(struct file *file, s64 offset, int whence)
{
    if (offset > INT32_MAX)
        return -EINVAL;
    return file_seek_within(file, offset, whence, INT32_MAX);
}

const struct file_operations directory_file_operations = {
    .read_directory = directory_file_read,
    .seek = directory_file_seek,
};
