/*
 * Making, linking, renaming and removing names.
 *
 * Each function finds the directory, locks the names of its file system, and
 * then checks everything that may change: whether the name is there, rights,
 * types, mounts. The file system's operation comes last; it finds only what
 * it alone can know (a directory that is not empty, no memory).
 */
#include "fs/vfs.h"

#include "core/credentials.h"
#include <asm/errno.h>
#include <linux/fs.h>
#include <linux/stat.h>

/* A name, there or not, in a directory that is. */
struct spot {
    struct path parent;
    struct name last;
    bool slash; /* the text went on with slashes */
    struct file_system *system;
};

static bool is_plain(struct name name)
{
    return name.length != 0 && !name_is_dots(name);
}

static int spot_find(struct fs_context *context, const struct path *at,
                     const char *text, struct spot *spot)
{
    int error = path_find_parent(context, at, text, &spot->parent, &spot->last,
                                 &spot->slash);
    if (error < 0)
        return error;
    if (spot->last.length > NAME_LENGTH_MAX) {
        path_put(&spot->parent);
        return -ENAMETOOLONG;
    }
    spot->system = spot->parent.inode->file_system;
    return 0;
}

static int spot_lookup(const struct spot *spot, struct inode **found)
{
    struct inode *directory = spot->parent.inode;
    int error = inode_permission(directory, 1);
    if (error < 0)
        return error;
    return directory->operations->lookup(directory, spot->last, found);
}

static void spot_end(struct spot *spot)
{
    mutex_unlock(&spot->system->names);
    path_put(&spot->parent);
}

/* Finds the spot for a new name and locks the names. */
static int spot_find_new(struct fs_context *context, const struct path *at,
                         const char *text, bool directory, struct spot *spot)
{
    int error = spot_find(context, at, text, spot);
    if (error < 0)
        return error;
    mutex_lock(&spot->system->names);
    struct inode *there;
    error = is_plain(spot->last) ? spot_lookup(spot, &there) : -EEXIST;
    if (error == 0) {
        inode_put(there);
        error = -EEXIST;
    }
    if (error == -ENOENT && (directory || !spot->slash))
        error = mount_writable(spot->parent.mount);
    if (error == 0)
        error = inode_permission(spot->parent.inode, 3);
    if (error == 0)
        return 0;
    spot_end(spot);
    return error;
}

static int make_any(struct fs_context *context, const struct path *at,
                    const char *text, u32 mode, u32 device)
{
    struct spot spot;
    struct inode *made;
    int error = spot_find_new(context, at, text, S_ISDIR(mode), &spot);
    if (error < 0)
        return error;
    struct inode *directory = spot.parent.inode;
    error = -EPERM;
    if (directory->operations->create != NULL)
        error = directory->operations->create(
            directory, spot.last, mode & ~context->umask, device, &made);
    spot_end(&spot);
    if (error == 0)
        inode_put(made);
    return error;
}

int vfs_make_node(struct fs_context *context, const struct path *at,
                  const char *text, u32 mode, u32 device)
{
    u32 type = mode & S_IFMT;
    if (type == 0)
        type = S_IFREG;
    if (type == S_IFDIR)
        return -EPERM;
    bool is_device = type == S_IFCHR || type == S_IFBLK;
    if (!is_device && type != S_IFREG && type != S_IFIFO && type != S_IFSOCK)
        return -EINVAL;
    if (!is_device)
        device = 0;
    else if (!acts_as_root())
        return -EPERM;
    return make_any(context, at, text, type | (mode & 07777), device);
}

int vfs_make_directory(struct fs_context *context, const struct path *at,
                       const char *text, u32 mode)
{
    return make_any(context, at, text, S_IFDIR | (mode & 01777), 0);
}

int vfs_symlink(struct fs_context *context, const char *target,
                const struct path *at, const char *text)
{
    struct spot spot;
    if (*target == '\0')
        return -ENOENT;
    int error = spot_find_new(context, at, text, false, &spot);
    if (error < 0)
        return error;
    struct inode *directory = spot.parent.inode;
    error = -EPERM;
    if (directory->operations->symlink != NULL)
        error = directory->operations->symlink(directory, spot.last, target);
    spot_end(&spot);
    return error;
}

static int link_locked(struct spot *spot, const struct path *old)
{
    struct inode *directory = spot->parent.inode;
    if (old->mount != spot->parent.mount)
        return -EXDEV;
    if (S_ISDIR(old->inode->mode) || directory->operations->link == NULL)
        return -EPERM;
    if (old->inode->links == 0)
        return -ENOENT;
    return directory->operations->link(directory, spot->last, old->inode);
}

int vfs_link(struct fs_context *context, const struct path *old,
             const struct path *at, const char *text)
{
    struct spot spot;
    int error = spot_find_new(context, at, text, false, &spot);
    if (error < 0)
        return error;
    error = link_locked(&spot, old);
    spot_end(&spot);
    return error;
}

/* May the current credentials take this name away? In a sticky directory
 * only the owner of one of both may. */
static int may_remove(const struct inode *directory, const struct inode *inode)
{
    int error = inode_permission(directory, 3);
    if (error < 0)
        return error;
    if ((directory->mode & S_ISVTX) && inode_owned(directory) < 0 &&
        inode_owned(inode) < 0)
        return -EPERM;
    return inode->mounts != 0 ? -EBUSY : 0;
}

static int remove_locked(struct spot *spot, struct inode *inode, bool directory)
{
    struct inode *parent = spot->parent.inode;
    int error = may_remove(parent, inode);
    if (error < 0)
        return error;
    if (S_ISDIR(inode->mode) != directory)
        return directory ? -ENOTDIR : -EISDIR;
    if (spot->slash && !directory)
        return -ENOTDIR;
    if (parent->operations->remove == NULL)
        return -EPERM;
    return parent->operations->remove(parent, spot->last, inode);
}

/* Why rmdir can't take "..", "." or the root. */
static int refusal(struct name name)
{
    static const int reasons[] = {-EBUSY, -EINVAL, -ENOTEMPTY};
    return reasons[name.length];
}

/* Finds a name and takes it away. The inode may go with it, but only after the
 * names are unlocked. */
static int remove_any(struct fs_context *context, const struct path *at,
                      const char *text, bool directory)
{
    struct spot spot;
    struct inode *inode = NULL;
    int error = spot_find(context, at, text, &spot);
    if (error < 0)
        return error;
    if (!is_plain(spot.last)) {
        path_put(&spot.parent);
        return directory ? refusal(spot.last) : -EISDIR;
    }
    mutex_lock(&spot.system->names);
    error = mount_writable(spot.parent.mount);
    if (error == 0)
        error = spot_lookup(&spot, &inode);
    if (error == 0)
        error = remove_locked(&spot, inode, directory);
    spot_end(&spot);
    if (inode != NULL)
        inode_put(inode);
    return error;
}

int vfs_unlink(struct fs_context *context, const struct path *at,
               const char *text)
{
    return remove_any(context, at, text, false);
}

int vfs_remove_directory(struct fs_context *context, const struct path *at,
                         const char *text)
{
    return remove_any(context, at, text, true);
}

/* Would the directory be moved into itself? */
static bool lies_inside(const struct inode *place, const struct inode *branch)
{
    while (place != NULL && place != branch)
        place = place->parent;
    return place == branch;
}

static int rename_check_types(const struct spot *from, const struct spot *to,
                              const struct inode *inode,
                              const struct inode *replaced)
{
    bool directory = S_ISDIR(inode->mode);
    if (!directory && (from->slash || to->slash))
        return -ENOTDIR;
    if (directory && lies_inside(to->parent.inode, inode))
        return -EINVAL;
    if (replaced == NULL)
        return inode_permission(to->parent.inode, 3);
    if (directory && !S_ISDIR(replaced->mode))
        return -ENOTDIR;
    if (!directory && S_ISDIR(replaced->mode))
        return -EISDIR;
    return may_remove(to->parent.inode, replaced);
}

static int rename_found(struct spot *from, struct spot *to, struct inode *inode,
                        struct inode *replaced, u32 flags)
{
    struct inode *directory = from->parent.inode;
    if (replaced != NULL && (flags & RENAME_NOREPLACE))
        return -EEXIST;
    int error = may_remove(directory, inode);
    if (error == 0)
        error = rename_check_types(from, to, inode, replaced);
    if (error < 0)
        return error;
    if (replaced == inode)
        return 0;
    if (directory->operations->rename == NULL)
        return -EPERM;
    return directory->operations->rename(directory, from->last, inode,
                                         to->parent.inode, to->last, replaced);
}

static int rename_spots(struct spot *from, struct spot *to, u32 flags)
{
    struct inode *inode = NULL, *replaced = NULL;
    if (from->parent.mount != to->parent.mount)
        return -EXDEV;
    if (!is_plain(from->last) || !is_plain(to->last))
        return flags & RENAME_NOREPLACE && !is_plain(to->last) ? -EEXIST
                                                               : -EBUSY;
    int error = mount_writable(from->parent.mount);
    if (error < 0)
        return error;
    mutex_lock(&from->system->names);
    error = spot_lookup(from, &inode);
    if (error == 0)
        error = spot_lookup(to, &replaced);
    if (error == 0 || (error == -ENOENT && inode != NULL))
        error = rename_found(from, to, inode, replaced, flags);
    mutex_unlock(&from->system->names);
    if (inode != NULL)
        inode_put(inode);
    if (replaced != NULL)
        inode_put(replaced);
    return error;
}

int vfs_rename(struct fs_context *context, const struct path *old_at,
               const char *old_text, const struct path *new_at,
               const char *new_text, u32 flags)
{
    struct spot from, to;
    if (flags & ~RENAME_NOREPLACE)
        return -EINVAL;
    int error = spot_find(context, old_at, old_text, &from);
    if (error < 0)
        return error;
    error = spot_find(context, new_at, new_text, &to);
    if (error == 0) {
        error = rename_spots(&from, &to, flags);
        path_put(&to.parent);
    }
    path_put(&from.parent);
    return error;
}

ssize vfs_read_link(struct fs_context *context, const struct path *at,
                    const char *text, char *buffer, size_t size)
{
    struct path path;
    int error = path_find(context, at, text, 0, &path);
    if (error < 0)
        return error;
    ssize result = -EINVAL;
    if (S_ISLNK(path.inode->mode) && path.inode->operations->read_link != NULL)
        result = path.inode->operations->read_link(path.inode, buffer, size);
    path_put(&path);
    return result;
}
