/*
 * open(2): from a path and flags to an open file.
 *
 * Everything is checked before anything changes: the place is found (or the
 * file created, which is a change of its own), rights are asked for, the file
 * is made and opened; truncation comes last.
 */
#include "fs/vfs.h"

#include "fs/device.h"
#include "fs/pipe.h"
#include <asm/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

/* Flags that an open file keeps; others are for the opening, or unknown. */
#define KEPT_FLAGS                                                             \
    (O_ACCMODE | O_APPEND | O_NONBLOCK | O_SYNC | O_DIRECT | O_LARGEFILE |     \
     O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_PATH | FASYNC | FILE_RUNS)

/* By the type's number, mode >> 12. */
static int (*const openers[16])(struct inode *inode, struct file *file) = {
    [S_IFREG >> 12] = memory_file_open,
    [S_IFCHR >> 12] = device_open,
    [S_IFIFO >> 12] = fifo_open,
};

/* A file opened with O_PATH stands for its place and does nothing. */
static const struct file_operations place_operations;

static int file_open(struct file *file)
{
    struct inode *inode = file->path.inode;
    if (file->flags & O_PATH)
        return 0;
    if (inode->operations->open != NULL)
        return inode->operations->open(inode, file);
    int (*opener)(struct inode *, struct file *) = openers[inode->mode >> 12];
    if (opener != NULL)
        return opener(inode, file);
    if (!S_ISDIR(inode->mode))
        return -ENXIO;
    file->operations = &directory_file_operations;
    return 0;
}

/* Opens a place whose references the file takes over, also when it fails. */
static int open_place(const struct path *path, u32 flags, struct file **result)
{
    u32 neither = flags & O_PATH ? O_ACCMODE : 0;
    struct file *file =
        file_create(&place_operations, (flags & KEPT_FLAGS) | neither);
    if (file == NULL) {
        path_put(path);
        return -ENOMEM;
    }
    file->path = *path;
    int error = file_open(file);
    if (error < 0) {
        file->operations = &place_operations; /* nothing to release */
        file_put(file);
        return error;
    }
    *result = file;
    return 0;
}

static bool is_exclusive(u32 flags)
{
    return (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
}

/* May the place, which was there, be opened so? */
static int open_check(const struct path *path, u32 flags)
{
    const struct inode *inode = path->inode;
    static const u8 wants[] = {4, 2, 6, 6}; /* by access mode */
    u32 want = flags & FILE_RUNS ? 1 : wants[flags & O_ACCMODE];
    if (is_exclusive(flags))
        return -EEXIST;
    if ((flags & O_DIRECTORY) && !S_ISDIR(inode->mode))
        return -ENOTDIR;
    if (flags & O_PATH)
        return 0;
    if (S_ISLNK(inode->mode))
        return -ELOOP;
    if ((flags & FILE_RUNS) && !S_ISREG(inode->mode))
        return -EACCES;
    if (flags & O_TRUNC)
        want |= 2;
    if (S_ISDIR(inode->mode) && ((want & 2) || (flags & O_CREAT)))
        return -EISDIR;
    if ((flags & O_NOATIME) && inode_owned(inode) < 0)
        return -EPERM;
    int error = mount_permission(path, want);
    return error < 0 ? error : inode_permission(inode, want);
}

int vfs_open(struct fs_context *context, const struct path *at,
             const char *text, u32 flags, u32 mode, struct file **file)
{
    struct path path;
    if (flags & O_PATH)
        flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    bool stays = flags & O_NOFOLLOW || is_exclusive(flags);
    u32 walk = stays ? 0 : WALK_FOLLOW;
    int result = flags & O_CREAT
                     ? path_create(context, at, text, walk, mode, &path)
                     : path_find(context, at, text, walk, &path);
    if (result < 0)
        return result;
    if (result == 0)
        result = open_check(&path, flags);
    if (result < 0) {
        path_put(&path);
        return result;
    }
    result = open_place(&path, flags, file);
    if (result < 0 || !(flags & O_TRUNC) || path.inode->object == NULL)
        return result;
    result = inode_resize(path.inode, 0);
    if (result < 0)
        file_put(*file);
    return result;
}
