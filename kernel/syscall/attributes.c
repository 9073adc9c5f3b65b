/*
 * Changing what a file is: mode, owner, dates, size. Who may is decided in
 * fs/attributes.c; here the many forms of each call become one.
 */
#include "syscall/place.h"

#include "x86/user_copy.h"

/* utimensat's special nanoseconds, which UAPI lacks. */
#define UTIME_NOW  0x3fffffff
#define UTIME_OMIT 0x3ffffffe

/* ---- mode, owner --------------------------------------------------------- */

s32 sys_chmod(const struct path *path, u32 mode)
{
    return vfs_change_mode(path, mode);
}

/* By its flags the path was found, as with all calls here that have some. */
s32 sys_fchownat(const struct path *path, u32 uid, u32 gid, u32 flags)
{
    return vfs_change_owner(path, uid, gid);
}

/* ---- dates --------------------------------------------------------------- */

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

/* Access and modification: two pairs of seconds and nanoseconds. */
static s32 set_dates(const struct path *path, const s64 times[4])
{
    u64 accessed, modified;
    int error = date_from(times[0], times[1], &accessed);
    if (error == 0)
        error = date_from(times[2], times[3], &modified);
    return error < 0 ? error : vfs_set_times(path, accessed, modified);
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

static const s64 dates_now[4] = {0, UTIME_NOW, 0, UTIME_NOW};

s32 sys_utimensat(const struct path *path, const void user *times, u32 flags,
                  bool wide)
{
    s64 given[4];
    if (times == NULL)
        return set_dates(path, dates_now);
    int error = times_read(times, wide, given);
    return error < 0 ? error : set_dates(path, given);
}

s32 sys_futimesat(const struct path *path,
                  const struct __kernel_old_timeval user *times)
{
    s64 given[4];
    if (times == NULL)
        return set_dates(path, dates_now);
    if (times_read(times, false, given) < 0)
        return -EFAULT;
    for (u32 i = 1; i < array_count(given); i += 2) {
        if (given[i] < 0 || given[i] >= 1000000)
            return -EINVAL;
        given[i] *= NANOSECONDS_PER_MICROSECOND;
    }
    return set_dates(path, given);
}

/* Two numbers of seconds. */
s32 sys_utime(const struct path *path, const s32 user *times)
{
    s32 given[2];
    if (times == NULL)
        return set_dates(path, dates_now);
    if (user_copy_in(given, times, sizeof(given)) < 0)
        return -EFAULT;
    const s64 wide[4] = {given[0], 0, given[1], 0};
    return set_dates(path, wide);
}

/* ---- size ---------------------------------------------------------------- */

s32 sys_truncate64(struct place *place, u64 size)
{
    if ((s64)size < 0)
        return -EINVAL;
    return vfs_truncate(context_current(), place->at, place->text, size);
}

s32 sys_ftruncate64(struct file *file, u64 size)
{
    return (s64)size < 0 ? -EINVAL : vfs_truncate_file(file, size);
}

/* Space comes with the first write, so allocating only sets the size. */
s32 sys_fallocate(struct file *file, u32 mode, u64 offset, u64 size)
{
    if ((s64)offset < 0 || (s64)size <= 0)
        return -EINVAL;
    return mode == 0 ? vfs_allocate(file, offset, size) : -EOPNOTSUPP;
}
