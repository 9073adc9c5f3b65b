/*
 * What a file is: the stat family in all its layouts, statfs, access.
 */
#include "syscall/place.h"

#include "lib/divide.h"
#include "lib/string.h"
#include "x86/user_copy.h"

static u32 seconds(u64 time, u32 *nanoseconds)
{
    return divide_u64(time, NANOSECONDS_PER_SECOND, nanoseconds);
}

static s32 store_status64(void user *result, const struct file_status *status)
{
    u32 nanoseconds[3];
    struct stat64 out;
    memset(&out, 0, sizeof(out));
    out.st_dev = status->device;
    out.__st_ino = status->inode;
    out.st_mode = status->mode;
    out.st_nlink = status->links;
    out.st_uid = status->uid;
    out.st_gid = status->gid;
    out.st_rdev = status->special_device;
    out.st_size = status->size;
    out.st_blksize = PAGE_SIZE;
    out.st_blocks = status->blocks;
    out.st_atime = seconds(status->accessed, &nanoseconds[0]);
    out.st_mtime = seconds(status->modified, &nanoseconds[1]);
    out.st_ctime = seconds(status->changed, &nanoseconds[2]);
    out.st_atime_nsec = nanoseconds[0];
    out.st_mtime_nsec = nanoseconds[1];
    out.st_ctime_nsec = nanoseconds[2];
    out.st_ino = status->inode;
    return user_copy_out(result, &out, sizeof(out));
}

static struct statx_timestamp statx_time(u64 time)
{
    struct statx_timestamp stamp = {0};
    u32 nanoseconds;
    stamp.tv_sec = seconds(time, &nanoseconds);
    stamp.tv_nsec = nanoseconds;
    return stamp;
}

static s32 store_statx(void user *result, const struct file_status *status)
{
    struct statx out;
    memset(&out, 0, sizeof(out));
    out.stx_mask = STATX_BASIC_STATS;
    out.stx_blksize = PAGE_SIZE;
    out.stx_nlink = status->links;
    out.stx_uid = status->uid;
    out.stx_gid = status->gid;
    out.stx_mode = status->mode;
    out.stx_ino = status->inode;
    out.stx_size = status->size;
    out.stx_blocks = status->blocks;
    out.stx_atime = statx_time(status->accessed);
    out.stx_mtime = statx_time(status->modified);
    out.stx_ctime = statx_time(status->changed);
    out.stx_rdev_major = status->special_device >> 8 & 0xfff;
    out.stx_rdev_minor = status->special_device & 0xff;
    out.stx_dev_major = status->device >> 8 & 0xfff;
    out.stx_dev_minor = status->device & 0xff;
    return user_copy_out(result, &out, sizeof(out));
}

typedef s32 (*status_store)(void user *result,
                            const struct file_status *status);

static s32 status_at(int directory, const char user *path, u32 flags,
                     void user *result, status_store store)
{
    struct file_status status;
    struct path found;
    int error = path_find_user(directory, path, flags, &found);
    if (error < 0)
        return error;
    vfs_status(found.inode, &status);
    path_put(&found);
    return store(result, &status);
}

s32 sys_fstat64(int fd, struct stat64 user *result)
{
    struct file_status status;
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    vfs_file_status(file, &status);
    file_put(file);
    return store_status64(result, &status);
}

s32 sys_fstatat64(int directory, const char user *path,
                  struct stat64 user *result, u32 flags)
{
    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT))
        return -EINVAL;
    return status_at(directory, path, flags, result, store_status64);
}

s32 sys_statx(int directory, const char user *path, u32 flags, u32 mask,
              struct statx user *result)
{
    const u32 known = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT |
                      AT_STATX_SYNC_TYPE;
    if ((flags & ~known) || (mask & STATX__RESERVED) ||
        (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
        return -EINVAL;
    return status_at(directory, path, flags, result, store_statx);
}

/* ---- file systems -------------------------------------------------------- */

/* What UAPI lacks of statfs's flags, which else are a mount's. */
#define ST_VALID    0x20u
#define ST_RELATIME 0x1000u

/* All file systems live in memory, so all have what memory has. */
static s32 store_room(void user *result, const struct path *path, bool wide)
{
    const struct file_system *system = path->inode->file_system;
    u32 all = frame_managed_count(), left = frame_free_count();
    u32 flags = path->mount->flags | ST_VALID;
    if (!(flags & MS_NOATIME))
        flags |= ST_RELATIME;
    struct statfs64 room = {
        .f_type = system->magic,
        .f_bsize = PAGE_SIZE,
        .f_blocks = all,
        .f_bfree = left,
        .f_bavail = left,
        .f_fsid = {{system->device, 0}},
        .f_namelen = NAME_LENGTH_MAX,
        .f_frsize = PAGE_SIZE,
        .f_flags = flags,
    };
    if (wide)
        return user_copy_out(result, &room, sizeof(room));
    struct statfs narrow = {
        .f_type = room.f_type,
        .f_bsize = PAGE_SIZE,
        .f_blocks = all,
        .f_bfree = left,
        .f_bavail = left,
        .f_fsid = room.f_fsid,
        .f_namelen = NAME_LENGTH_MAX,
        .f_frsize = PAGE_SIZE,
        .f_flags = flags,
    };
    return user_copy_out(result, &narrow, sizeof(narrow));
}

s32 sys_statfs64(const char user *path, size_t size, void user *result,
                 bool wide)
{
    struct path found;
    if (size != sizeof(struct statfs64))
        return -EINVAL;
    int error = path_find_user(AT_FDCWD, path, 0, &found);
    if (error < 0)
        return error;
    error = store_room(result, &found, wide);
    path_put(&found);
    return error;
}

s32 sys_fstatfs64(int fd, size_t size, void user *result, bool wide)
{
    if (size != sizeof(struct statfs64))
        return -EINVAL;
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    s32 error = store_room(result, &file->path, wide);
    file_put(file);
    return error;
}

/* ---- access -------------------------------------------------------------- */

s32 sys_faccessat2(int directory, const char user *path, u32 want, u32 flags)
{
    struct path found;
    if ((want & ~7u) ||
        (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)))
        return -EINVAL;
    int error = path_find_user(directory, path, flags, &found);
    if (error < 0)
        return error;
    error = vfs_access(&found, want, !(flags & AT_EACCESS));
    path_put(&found);
    return error;
}
