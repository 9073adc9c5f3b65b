/*
 * What an inode says about itself: size, mode, owner, dates, and changing
 * them; and where the process stands.
 */
#include "fs/vfs.h"

#include "core/credentials.h"
#include "x86/clock.h"
#include <asm/errno.h>
#include <linux/stat.h>

#define UNCHANGED (~0u)

static int inode_truncate(struct inode *inode, u64 size)
{
    if (size > FILE_SIZE_MAX)
        return size > INT64_MAX ? -EINVAL : -EFBIG;
    if (S_ISDIR(inode->mode))
        return -EISDIR;
    if (inode->object == NULL)
        return -EINVAL;
    u32 end;
    int error = 0;
    if (size > inode->object->size)
        error = memory_file_limit(size - 1, &end);
    return error < 0 ? error : inode_resize(inode, (u32)size);
}

int vfs_truncate(struct fs_context *context, const struct path *at,
                 const char *text, u64 size)
{
    struct path path;
    int error = path_find(context, at, text, WALK_FOLLOW, &path);
    if (error < 0)
        return error;
    error = mount_writable(path.mount);
    if (error == 0)
        error = inode_permission(path.inode, 2);
    if (error == 0)
        error = inode_truncate(path.inode, size);
    path_put(&path);
    return error;
}

int vfs_truncate_file(struct file *file, u64 size)
{
    if (!file_is_writable(file))
        return -EINVAL;
    return inode_truncate(file->path.inode, size);
}

static int pages_allocate(struct memory_object *object, u32 start, u32 end)
{
    for (u32 i = start / PAGE_SIZE; i <= (end - 1) / PAGE_SIZE; i++) {
        struct frame *frame;
        if (memory_object_frame(object, i, &frame) < 0)
            return -ENOSPC;
        frame_put(frame);
    }
    return 0;
}

int vfs_allocate(struct file *file, u64 offset, u64 size)
{
    struct inode *inode = file->path.inode;
    u64 end = offset + size;
    u32 limit;
    if (!file_is_writable(file))
        return -EBADF;
    if (inode->object == NULL)
        return S_ISFIFO(inode->mode) ? -ESPIPE : -ENODEV;
    int error =
        end > inode_size(inode) ? memory_file_limit(end - 1, &limit) : 0;
    if (error < 0)
        return error;
    mutex_lock(&inode->lock);
    u32 old_size = inode->object->size;
    if (end > old_size)
        memory_object_resize(inode->object, (u32)end);
    error = pages_allocate(inode->object, (u32)offset, (u32)end);
    if (error < 0)
        memory_object_resize(inode->object, old_size);
    else
        inode_touch_modified(inode);
    mutex_unlock(&inode->lock);
    return error;
}

static bool is_in_group(u32 gid)
{
    const struct credentials *who = credentials_current();
    return gid == who->gid.effective || credentials_list_group(who, gid);
}

int vfs_change_mode(const struct path *path, u32 mode)
{
    struct inode *inode = path->inode;
    int error = mount_writable(path->mount);
    if (error == 0)
        error = inode_owned(inode);
    if (error < 0)
        return error;
    if (S_ISLNK(inode->mode))
        return -EOPNOTSUPP;
    if (!acts_as_root() && !is_in_group(inode->gid))
        mode &= ~S_ISGID;
    mutex_lock(&inode->lock);
    inode->mode = (inode->mode & S_IFMT) | (mode & 07777);
    inode_touch_changed(inode);
    mutex_unlock(&inode->lock);
    return 0;
}

/* Only root gives files away; an owner may choose among his groups. */
static int may_change_owner(const struct inode *inode, u32 uid, u32 gid)
{
    const struct credentials *who = credentials_current();
    if (who->uid.effective == 0)
        return 0;
    if (who->uid.effective != inode->uid)
        return -EPERM;
    if (uid != UNCHANGED && uid != inode->uid)
        return -EPERM;
    bool may_give = gid == UNCHANGED || gid == inode->gid || is_in_group(gid);
    return may_give ? 0 : -EPERM;
}

int vfs_change_owner(const struct path *path, u32 uid, u32 gid)
{
    struct inode *inode = path->inode;
    int error = mount_writable(path->mount);
    if (error == 0)
        error = may_change_owner(inode, uid, gid);
    if (error < 0)
        return error;
    mutex_lock(&inode->lock);
    if (uid != UNCHANGED)
        inode->uid = uid;
    if (gid != UNCHANGED)
        inode->gid = gid;
    inode_drop_privilege(inode);
    inode_touch_changed(inode);
    mutex_unlock(&inode->lock);
    return 0;
}

static void set_time(u64 *time, u64 value, u64 now)
{
    if (value != VFS_TIME_OMIT)
        *time = value == VFS_TIME_NOW ? now : value;
}

int vfs_set_times(const struct path *path, u64 accessed, u64 modified)
{
    struct inode *inode = path->inode;
    if (accessed == VFS_TIME_OMIT && modified == VFS_TIME_OMIT)
        return 0;
    bool now_only = accessed == VFS_TIME_NOW && modified == VFS_TIME_NOW;
    int error = mount_writable(path->mount);
    if (error < 0)
        return error;
    error = inode_owned(inode);
    if (error < 0 && now_only)
        error = inode_permission(inode, 2);
    if (error < 0)
        return error;
    u64 now = clock_real_nanoseconds();
    mutex_lock(&inode->lock);
    set_time(&inode->accessed, accessed, now);
    set_time(&inode->modified, modified, now);
    inode->changed = now;
    mutex_unlock(&inode->lock);
    return 0;
}

int vfs_access(const struct path *path, u32 want, bool real)
{
    int error = mount_permission(path, want);
    if (error < 0)
        return error;
    return real ? inode_permission_real(path->inode, want)
                : inode_permission(path->inode, want);
}

static int context_move(struct fs_context *context, struct path *place,
                        const struct path *to)
{
    if (!S_ISDIR(to->inode->mode))
        return -ENOTDIR;
    int error = inode_permission(to->inode, 1);
    if (error == 0 && place == &context->root && !acts_as_root())
        error = -EPERM;
    if (error < 0)
        return error;
    path_get(to);
    spin_lock(&context->lock);
    struct path old = *place;
    *place = *to;
    spin_unlock(&context->lock);
    path_put(&old);
    return 0;
}

int vfs_change_directory(struct fs_context *context, const struct path *to)
{
    return context_move(context, &context->current, to);
}

int vfs_change_root(struct fs_context *context, const struct path *to)
{
    return context_move(context, &context->root, to);
}

void vfs_status(const struct inode *inode, struct file_status *status)
{
    u32 pages = inode->object != NULL ? inode->object->page_count : 0;
    *status = (struct file_status){
        .device = inode->file_system->device,
        .inode = inode->number,
        .mode = inode->mode,
        .links = inode->links,
        .uid = inode->uid,
        .gid = inode->gid,
        .special_device = inode->device,
        .size = inode_size(inode),
        .blocks = (u64)pages * (PAGE_SIZE / 512),
        .accessed = inode->accessed,
        .modified = inode->modified,
        .changed = inode->changed,
    };
}
