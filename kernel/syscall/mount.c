/*
 * mount and umount: a new file system over a directory, and away again.
 */
#include "syscall/place.h"

#include "lib/string.h"
#include "x86/user_copy.h"

/* umount2's flags, which UAPI lacks. */
#define MNT_DETACH      2u
#define UMOUNT_NOFOLLOW 8u

#define TYPE_LENGTH_MAX    32
#define OPTIONS_LENGTH_MAX 64

/* Flags that make no difference to file systems in memory, or are for us. */
#define MOUNT_FLAGS_OTHER                                                      \
    (MS_RELATIME | MS_STRICTATIME | MS_SILENT | MS_SYNCHRONOUS | MS_DIRSYNC |  \
     MS_LAZYTIME | MS_REMOUNT | MS_MGC_VAL)

/* The only option of a file system is tmpfs's "mode=OCTAL", of its root. */
static int options_apply(const char *text, struct file_system *system)
{
    static const char name[] = "mode=";
    u32 mode = 0;
    if (*text == '\0')
        return 0;
    if (strcmp(system->type, "tmpfs") != 0 ||
        strncmp(text, name, sizeof(name) - 1) != 0)
        return -EINVAL;
    for (text += sizeof(name) - 1; *text >= '0' && *text <= '7'; text++)
        mode = mode * 8 + (u32)(*text - '0');
    if (*text != '\0' || mode > 07777)
        return -EINVAL;
    system->root->mode = S_IFDIR | mode;
    return 0;
}

static int mount_new(const char *source, const char *type, const char *options,
                     const struct path *where, u32 flags)
{
    struct file_system *system;
    int error = file_system_create(type, &system);
    if (error < 0)
        return error;
    error = options_apply(options, system);
    if (error == 0)
        error = mount_add(source, system, where, flags);
    if (error < 0)
        file_system_put(system);
    return error;
}

s32 sys_mount(const char user *source, const char user *target,
              const char user *type, u32 flags, void user *data)
{
    char source_text[sizeof(((struct mount *)0)->source)] = "none";
    char type_text[TYPE_LENGTH_MAX] = "", options[OPTIONS_LENGTH_MAX] = "";
    struct path where;
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
    if (data != NULL)
        error = user_string_in(options, data, sizeof(options));
    if (error < 0)
        return error == -ENAMETOOLONG ? -EINVAL : error;
    error = path_find_user(AT_FDCWD, target, 0, 0, &where);
    if (error < 0)
        return error;
    if (flags & MS_REMOUNT)
        error = *options != '\0' ? -EINVAL
                                 : mount_change(&where, flags & MOUNT_FLAGS);
    else
        error = mount_new(source_text, type_text, options, &where,
                          flags & MOUNT_FLAGS);
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
    int error = path_find_user(AT_FDCWD, target, follow, follow, &where);
    if (error < 0)
        return error;
    error = mount_remove(&where, flags & MNT_DETACH);
    path_put(&where);
    return error;
}
