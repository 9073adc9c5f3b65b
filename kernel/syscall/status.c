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

/* By its flags the path was found. */
s32 sys_fstatat64(const struct path *path, struct stat64 *result, u32 flags)
{
    struct file_status status;
    u32 nanoseconds[3];
    vfs_status(path->inode, &status);
    memset(result, 0, sizeof(*result));
    result->st_dev = status.device;
    result->__st_ino = status.inode;
    result->st_mode = status.mode;
    result->st_nlink = status.links;
    result->st_uid = status.uid;
    result->st_gid = status.gid;
    result->st_rdev = status.special_device;
    result->st_size = status.size;
    result->st_blksize = PAGE_SIZE;
    result->st_blocks = status.blocks;
    result->st_atime = seconds(status.accessed, &nanoseconds[0]);
    result->st_mtime = seconds(status.modified, &nanoseconds[1]);
    result->st_ctime = seconds(status.changed, &nanoseconds[2]);
    result->st_atime_nsec = nanoseconds[0];
    result->st_mtime_nsec = nanoseconds[1];
    result->st_ctime_nsec = nanoseconds[2];
    result->st_ino = status.inode;
    return 0;
}

static struct statx_timestamp statx_time(u64 time)
{
    struct statx_timestamp stamp = {0};
    u32 nanoseconds;
    stamp.tv_sec = seconds(time, &nanoseconds);
    stamp.tv_nsec = nanoseconds;
    return stamp;
}

s32 sys_statx(const struct path *path, u32 flags, u32 mask,
              struct statx *result)
{
    struct file_status status;
    if ((mask & STATX__RESERVED) ||
        (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
        return -EINVAL;
    vfs_status(path->inode, &status);
    *result = (struct statx){
        .stx_mask = STATX_BASIC_STATS,
        .stx_blksize = PAGE_SIZE,
        .stx_nlink = status.links,
        .stx_uid = status.uid,
        .stx_gid = status.gid,
        .stx_mode = status.mode,
        .stx_ino = status.inode,
        .stx_size = status.size,
        .stx_blocks = status.blocks,
        .stx_atime = statx_time(status.accessed),
        .stx_mtime = statx_time(status.modified),
        .stx_ctime = statx_time(status.changed),
        .stx_rdev_major = status.special_device >> 8 & 0xfff,
        .stx_rdev_minor = status.special_device & 0xff,
        .stx_dev_major = status.device >> 8 & 0xfff,
        .stx_dev_minor = status.device & 0xff,
    };
    return 0;
}

/* ---- file systems -------------------------------------------------------- */

/* What UAPI lacks of statfs's flags, which else are a mount's. */
#define ST_VALID    0x20u
#define ST_RELATIME 0x1000u

/* All file systems live in memory, so all have what memory has. */
s32 sys_statfs64(const struct path *path, size_t size, void user *result,
                 bool wide)
{
    const struct file_system *system = path->inode->file_system;
    u32 all = frame_managed_count(), left = frame_free_count();
    u32 flags = path->mount->flags | ST_VALID;
    if (size != sizeof(struct statfs64))
        return -EINVAL;
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

/* ---- access -------------------------------------------------------------- */

s32 sys_faccessat2(const struct path *path, u32 want, u32 flags)
{
    if (want & ~7u)
        return -EINVAL;
    return vfs_access(path, want, !(flags & AT_EACCESS));
}
