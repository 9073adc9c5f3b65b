/*
 * mount and umount: a new file system over a directory, and away again.
 */
#include "syscall/place.h"

#include "lib/string.h"
#include "x86/user_copy.h"

/* umount2's flags, which UAPI lacks. */
#define MNT_DETACH      2u
#define UMOUNT_NOFOLLOW 8u

#define TYPE_LENGTH_MAX 32

/* Flags that make no difference to file systems in memory, or are for us. */
#define MOUNT_FLAGS_OTHER                                                      \
    (MS_RELATIME | MS_STRICTATIME | MS_SILENT | MS_SYNCHRONOUS | MS_DIRSYNC |  \
     MS_LAZYTIME | MS_REMOUNT | MS_MGC_VAL)

static int mount_new(const char *source, const char *type,
                     const struct path *where, u32 flags)
{
    struct file_system *system;
    int error = file_system_create(type, &system);
    if (error < 0)
        return error;
    error = mount_add(source, system, where, flags);
    if (error < 0)
        file_system_put(system);
    return error;
}

s32 sys_mount(const char user *source, const char user *target,
              const char user *type, u32 flags, void user *data)
{
    char source_text[sizeof(((struct mount *)0)->source)] = "none";
    char type_text[TYPE_LENGTH_MAX] = "";
    struct path where;
    (void)data; /* options of the file system: none has any */
    if (!acts_as_root())
        return -EPERM;
    if (flags & ~(MOUNT_FLAGS | MOUNT_FLAGS_OTHER))
        return -EINVAL;
    if (source != NULL &&
        user_string_in(source_text, source, sizeof(source_text)) == -EFAULT)
        return -EFAULT;
    source_text[sizeof(source_text) - 1] = '\0';
    int error = 0;
    if (!(flags & MS_REMOUNT))
        error = user_string_in(type_text, type, sizeof(type_text));
    if (error < 0)
        return error == -ENAMETOOLONG ? -ENODEV : error;
    error = path_find_user(AT_FDCWD, target, 0, &where);
    if (error < 0)
        return error;
    if (flags & MS_REMOUNT)
        error = mount_change(&where, flags & MOUNT_FLAGS);
    else
        error = mount_new(source_text, type_text, &where, flags & MOUNT_FLAGS);
    path_put(&where);
    return error;
}

s32 sys_umount2(const char user *target, u32 flags)
{
    struct path where;
    if (flags & ~(MNT_DETACH | UMOUNT_NOFOLLOW))
        return -EINVAL;
    if (!acts_as_root())
        return -EPERM;
    u32 follow = flags & UMOUNT_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0;
    int error = path_find_user(AT_FDCWD, target, follow, &where);
    if (error < 0)
        return error;
    error = mount_remove(&where, flags & MNT_DETACH);
    path_put(&where);
    return error;
}
