/*
 * Changing what a file is: mode, owner, dates, size. Who may is decided in
 * fs/attributes.c; here the many forms of each call become one.
 */
#include "syscall/place.h"

#include "lib/string.h"
#include "x86/user_copy.h"

/* utimensat's special nanoseconds, which UAPI lacks. */
#define UTIME_NOW  0x3fffffff
#define UTIME_OMIT 0x3ffffffe

#define NANOSECONDS_PER_MICROSECOND 1000u

/* ---- mode ---------------------------------------------------------------- */

s32 sys_fchmodat(int directory, const char user *path, u32 mode)
{
    struct path found;
    int error = path_find_user(directory, path, 0, &found);
    if (error < 0)
        return error;
    error = vfs_change_mode(&found, mode);
    path_put(&found);
    return error;
}

s32 sys_fchmod(int fd, u32 mode)
{
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    s32 error = vfs_change_mode(&file->path, mode);
    file_put(file);
    return error;
}

/* ---- owner --------------------------------------------------------------- */

s32 sys_fchownat(int directory, const char user *path, u32 uid, u32 gid,
                 u32 flags)
{
    struct path found;
    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    int error = path_find_user(directory, path, flags, &found);
    if (error < 0)
        return error;
    error = vfs_change_owner(&found, uid, gid);
    path_put(&found);
    return error;
}

s32 sys_fchown32(int fd, u32 uid, u32 gid)
{
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    s32 error = vfs_change_owner(&file->path, uid, gid);
    file_put(file);
    return error;
}

/* ---- dates --------------------------------------------------------------- */

/* Access and modification, nanoseconds since 1970 or VFS_TIME_*. */
struct dates {
    u64 accessed, modified;
};

static const struct dates dates_now = {VFS_TIME_NOW, VFS_TIME_NOW};

static int date_from(s64 seconds, s64 nanoseconds, u64 *date)
{
    if (nanoseconds == UTIME_NOW || nanoseconds == UTIME_OMIT) {
        *date = nanoseconds == UTIME_NOW ? VFS_TIME_NOW : VFS_TIME_OMIT;
        return 0;
    }
    if (nanoseconds < 0 || nanoseconds >= (s64)NANOSECONDS_PER_SECOND)
        return -EINVAL;
    if (seconds > UINT32_MAX)
        seconds = UINT32_MAX;
    *date = seconds < 0 ? 0 : seconds * NANOSECONDS_PER_SECOND + nanoseconds;
    return 0;
}

static int dates_from(const s64 times[4], struct dates *dates)
{
    int error = date_from(times[0], times[1], &dates->accessed);
    return error < 0 ? error : date_from(times[2], times[3], &dates->modified);
}

/* A NULL path means the descriptor's own file. */
static s32 set_dates(int directory, const char user *path,
                     const struct dates *dates, u32 flags)
{
    struct path found;
    int error;
    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    if (path == NULL && directory != AT_FDCWD) {
        struct file *file = file_of(directory);
        if (file == NULL)
            return -EBADF;
        error = vfs_set_times(&file->path, dates->accessed, dates->modified);
        file_put(file);
        return error;
    }
    error = path_find_user(directory, path, flags, &found);
    if (error < 0)
        return error;
    error = vfs_set_times(&found, dates->accessed, dates->modified);
    path_put(&found);
    return error;
}

/* Two pairs of numbers, whatever their unit. */
static int times_read(const void user *source, bool wide, s64 given[4])
{
    s32 narrow[4];
    if (wide) {
        if (user_copy_in(given, source, 4 * sizeof(*given)) < 0)
            return -EFAULT;
        given[1] = (s32)given[1]; /* the upper half is padding */
        given[3] = (s32)given[3];
        return 0;
    }
    if (user_copy_in(narrow, source, sizeof(narrow)) < 0)
        return -EFAULT;
    for (u32 i = 0; i < array_count(narrow); i++)
        given[i] = narrow[i];
    return 0;
}

s32 sys_utimensat(int directory, const char user *path, const void user *times,
                  u32 flags, bool wide)
{
    struct dates dates = dates_now;
    s64 given[4];
    int error = 0;
    if (times != NULL)
        error = times_read(times, wide, given);
    if (times != NULL && error == 0)
        error = dates_from(given, &dates);
    return error < 0 ? error : set_dates(directory, path, &dates, flags);
}

s32 sys_futimesat(int directory, const char user *path,
                  const struct __kernel_old_timeval user *times)
{
    struct dates dates = dates_now;
    s64 given[4];
    if (times == NULL)
        return set_dates(directory, path, &dates, 0);
    if (times_read(times, false, given) < 0)
        return -EFAULT;
    for (u32 i = 1; i < array_count(given); i += 2) {
        if (given[i] < 0 || given[i] >= 1000000)
            return -EINVAL;
        given[i] *= NANOSECONDS_PER_MICROSECOND;
    }
    dates_from(given, &dates);
    return set_dates(directory, path, &dates, 0);
}

/* Two numbers of seconds. */
s32 sys_utime(const char user *path, const s32 user *times)
{
    struct dates dates = dates_now;
    s32 given[2];
    if (times != NULL) {
        if (user_copy_in(given, times, sizeof(given)) < 0)
            return -EFAULT;
        s64 wide[4] = {given[0], 0, given[1], 0};
        dates_from(wide, &dates);
    }
    return set_dates(AT_FDCWD, path, &dates, 0);
}

/* ---- size ---------------------------------------------------------------- */

s32 sys_truncate64(const char user *path, u64 size)
{
    struct place place;
    if ((s64)size < 0)
        return -EINVAL;
    int error = place_read(&place, AT_FDCWD, path);
    if (error < 0)
        return error;
    error = vfs_truncate(context_current(), place.at, place.path.text, size);
    place_free(&place);
    return error;
}

s32 sys_ftruncate64(int fd, u64 size)
{
    if ((s64)size < 0)
        return -EINVAL;
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    s32 error = vfs_truncate_file(file, size);
    file_put(file);
    return error;
}

/* Space comes with the first write, so allocating only sets the size. */
s32 sys_fallocate(int fd, u32 mode, u64 offset, u64 size)
{
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    s32 result = -EINVAL;
    if ((s64)offset >= 0 && (s64)size > 0)
        result = mode == 0 ? vfs_allocate(file, offset, size) : -EOPNOTSUPP;
    file_put(file);
    return result;
}
