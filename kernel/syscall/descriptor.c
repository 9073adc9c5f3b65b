/*
 * File descriptors: open, close, dup, fcntl, ioctl.
 */
#include "syscall/place.h"

#include "x86/user_copy.h"
#include <asm/ioctls.h>
#include <linux/close_range.h>

/* What F_SETFL may change. */
#define CHANGEABLE (O_APPEND | O_NONBLOCK | O_NDELAY | O_DIRECT | O_NOATIME)

s32 sys_openat(struct place *place, u32 flags, u32 mode)
{
    struct fd_table *files = files_current();
    struct file *file;
    int fd = fd_reserve(files, 0, fd_limit());
    if (fd < 0)
        return fd;
    int error = vfs_open(context_current(), place->at, place->text,
                         flags & ~FILE_RUNS, mode, &file);
    if (error < 0) {
        fd_cancel(files, fd);
        return error;
    }
    fd_install(files, fd, file, flags & O_CLOEXEC);
    return fd;
}

s32 sys_close(int fd)
{
    return fd_close(files_current(), fd);
}

s32 sys_close_range(u32 first, u32 last, u32 flags)
{
    struct fd_table *files = files_current();
    if (first > last || (flags & ~CLOSE_RANGE_CLOEXEC))
        return -EINVAL;
    int fd = fd_next(files, first);
    for (; fd >= 0 && (u32)fd <= last; fd = fd_next(files, fd + 1)) {
        if (flags & CLOSE_RANGE_CLOEXEC)
            fd_set_close_on_exec(files, fd, true);
        else
            fd_close(files, fd);
    }
    return 0;
}

/* ---- duplicates ---------------------------------------------------------- */

static s32 duplicate_from(struct file *file, u32 from, bool close_on_exec)
{
    struct fd_table *files = files_current();
    int copy = fd_reserve(files, from, fd_limit());
    if (copy < 0)
        return copy;
    file_get(file);
    fd_install(files, copy, file, close_on_exec);
    return copy;
}

s32 sys_dup(struct file *file)
{
    return duplicate_from(file, 0, false);
}

s32 sys_dup2(int from, int to)
{
    if (from != to)
        return fd_duplicate_to(files_current(), from, to, fd_limit(), false);
    return fd_get_close_on_exec(files_current(), from) < 0 ? -EBADF : to;
}

s32 sys_dup3(int from, int to, u32 flags)
{
    if (from == to || (flags & ~O_CLOEXEC))
        return -EINVAL;
    return fd_duplicate_to(files_current(), from, to, fd_limit(),
                           flags & O_CLOEXEC);
}

/* ---- fcntl --------------------------------------------------------------- */

static s32 status_flags_get(const struct file *file)
{
    u32 flags = file->flags;
    return (s32)(flags & O_PATH ? flags & ~O_ACCMODE : flags);
}

static s32 status_flags_set(struct file *file, u32 flags)
{
    u32 gained = flags & ~file->flags;
    if ((gained & O_NOATIME) && inode_owned(file->path.inode) < 0)
        return -EPERM;
    file->flags = (file->flags & ~CHANGEABLE) | (flags & CHANGEABLE);
    return 0;
}

s32 sys_fcntl(int fd, struct file *file, u32 command, u32 argument)
{
    if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
        return argument >= fd_limit()
                   ? -EINVAL
                   : duplicate_from(file, argument, command != F_DUPFD);
    if (command == F_GETFD)
        return fd_get_close_on_exec(files_current(), fd);
    if (command == F_SETFD)
        return fd_set_close_on_exec(files_current(), fd, argument & FD_CLOEXEC);
    if (command == F_GETFL)
        return status_flags_get(file);
    if (command == F_SETFL)
        return status_flags_set(file, argument);
    /* Whom to signal about input: nobody is, so nobody is recorded. */
    return command == F_GETOWN ? 0 : -EINVAL;
}

/* ---- ioctl --------------------------------------------------------------- */

static s32 ioctl_nonblocking(struct file *file, u32 argument)
{
    u32 on;
    if (user_load(&on, (const u32 user *)(uintptr_t)argument) < 0)
        return -EFAULT;
    file->flags = on ? file->flags | O_NONBLOCK : file->flags & ~O_NONBLOCK;
    return 0;
}

/* Bytes to the end of a regular file. */
static s32 ioctl_bytes_left(struct file *file, u32 argument)
{
    u64 size = inode_size(file->path.inode), offset = file->offset;
    u32 left = offset < size ? (u32)(size - offset) : 0;
    return user_store((u32 user *)(uintptr_t)argument, left);
}

s32 sys_ioctl(int fd, struct file *file, u32 request, u32 argument)
{
    if (request == FIOCLEX || request == FIONCLEX)
        return fd_set_close_on_exec(files_current(), fd, request == FIOCLEX);
    if (file->flags & O_PATH)
        return -EBADF;
    if (request == FIONBIO)
        return ioctl_nonblocking(file, argument);
    if (file->operations->ioctl != NULL)
        return file->operations->ioctl(file, request, argument);
    if (request == FIONREAD && S_ISREG(file->path.inode->mode))
        return ioctl_bytes_left(file, argument);
    return -ENOTTY;
}

/* ---- what a file system in memory has done already ----------------------- */

s32 sys_fsync(struct file *file)
{
    if (file->operations->sync != NULL)
        return file->operations->sync(file);
    bool stored =
        file->operations->map != NULL || S_ISDIR(file->path.inode->mode);
    return stored ? 0 : -EINVAL;
}

s32 sys_syncfs(struct file *file)
{
    return 0;
}

s32 sys_sync(void)
{
    return 0;
}

/* Advice about reading ahead: everything is in memory. */
s32 sys_fadvise64_64(struct file *file, u64 offset, u64 size, u32 advice)
{
    if (S_ISFIFO(file->path.inode->mode))
        return -ESPIPE;
    /* POSIX_FADV_NOREUSE is 5 */
    return advice > 5 || (s64)size < 0 ? -EINVAL : 0;
}

s32 sys_fadvise64(struct file *file, u64 offset, size_t size, u32 advice)
{
    return sys_fadvise64_64(file, offset, size, advice);
}
