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
#include "lib/string.h"
#include "mem/heap.h"
#include <asm/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

/* Flags that an open file keeps; others are for the opening, or unknown. */
#define KEPT_FLAGS                                                             \
    (O_ACCMODE | O_APPEND | O_NONBLOCK | O_SYNC | O_DIRECT | O_LARGEFILE |     \
     O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_PATH | FASYNC | FILE_RUNS)

static int directory_open(struct inode *inode, struct file *file)
{
    (void)inode;
    file->operations = &directory_file_operations;
    return 0;
}

static int no_device_open(struct inode *inode, struct file *file)
{
    (void)inode;
    (void)file;
    return -ENXIO;
}

/* By the type's number, mode >> 12; a symbolic link cannot be opened. */
static int (*const openers[16])(struct inode *inode, struct file *file) = {
    [S_IFREG >> 12] = memory_file_open, [S_IFDIR >> 12] = directory_open,
    [S_IFCHR >> 12] = device_open,      [S_IFBLK >> 12] = no_device_open,
    [S_IFIFO >> 12] = fifo_open,        [S_IFSOCK >> 12] = no_device_open,
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
    return opener != NULL ? opener(inode, file) : -ELOOP;
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

/* May the place be opened so? */
static int open_check(const struct path *path, u32 flags)
{
    const struct inode *inode = path->inode;
    static const u8 wants[] = {4, 2, 6, 6}; /* by access mode */
    u32 want = flags & FILE_RUNS ? 1 : wants[flags & O_ACCMODE];
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

/* Creates the last name of a path; the names are locked. */
static int create_locked(struct fs_context *context, const struct path *parent,
                         struct name last, u32 mode, struct inode **created)
{
    struct inode *directory = parent->inode;
    int error = directory->operations->lookup(directory, last, created);
    if (error != -ENOENT)
        return error;
    error = mount_writable(parent->mount);
    if (error == 0)
        error = inode_permission(directory, 3);
    if (error < 0)
        return error;
    if (directory->operations->create == NULL)
        return -EPERM;
    mode = S_IFREG | (mode & 07777 & ~context->umask);
    error = directory->operations->create(directory, last, mode, 0, created);
    return error < 0 ? error : 1;
}

/* The place of the last name, made if it is missing: 1 when it was. */
static int find_or_create(struct fs_context *context, const struct path *parent,
                          struct name last, u32 mode, struct path *found)
{
    int error = inode_permission(parent->inode, 1);
    if (error < 0)
        return error;
    if (last.length > NAME_LENGTH_MAX)
        return -ENAMETOOLONG;
    struct file_system *system = parent->inode->file_system;
    mutex_lock(&system->names);
    int result = create_locked(context, parent, last, mode, &found->inode);
    mutex_unlock(&system->names);
    if (result < 0)
        return result;
    found->mount = parent->mount;
    mount_get(found->mount);
    mount_enter(found);
    return result;
}

static bool is_dots(struct name name)
{
    return (name.length == 1 && name.text[0] == '.') ||
           (name.length == 2 && name.text[0] == '.' && name.text[1] == '.');
}

/* One round of an opening with O_CREAT: 1 created, 0 found. */
static int open_creating_at(struct fs_context *context, const struct path *at,
                            const char *text, u32 flags, u32 mode,
                            struct path *parent, struct path *found)
{
    struct name last;
    bool slash;
    int result = path_find_parent(context, at, text, parent, &last, &slash);
    if (result < 0)
        return result;
    if (slash || last.length == 0 || is_dots(last))
        result = flags & O_EXCL ? -EEXIST : -EISDIR;
    else
        result = find_or_create(context, parent, last, mode, found);
    if (result == 0 && (flags & O_EXCL)) {
        path_put(found);
        result = -EEXIST;
    }
    if (result < 0)
        path_put(parent);
    return result;
}

/* The target of a link that stands at the end of an opening with O_CREAT:
 * text in a block of its own. */
static int link_target(struct inode *link, char **target)
{
    char *text = heap_alloc(PATH_LENGTH_MAX);
    if (text == NULL)
        return -ENOMEM;
    ssize length = link->operations->read_link(link, text, PATH_LENGTH_MAX - 1);
    if (length < 0) {
        heap_free(text);
        return length;
    }
    text[length] = '\0';
    *target = text;
    return 0;
}

/* Goes from a link that was found to where it leads: another place (1 with
 * *found replaced) or another text relative to `parent` (0). */
static int follow_last(struct path *found, char **text)
{
    struct inode *link = found->inode;
    struct path target;
    int error;
    if (link->operations->follow != NULL) {
        error = link->operations->follow(link, &target);
        if (error < 0)
            return error;
        path_put(found);
        *found = target;
        return 1;
    }
    char *next;
    error = link_target(link, &next);
    if (error < 0)
        return error;
    heap_free(*text);
    *text = next;
    return 0;
}

/* Finds or creates, following links at the end, which may lead to names that
 * do not exist yet. 1 created, 0 found. */
static int open_creating(struct fs_context *context, const struct path *at,
                         const char *text, u32 flags, u32 mode,
                         struct path *found)
{
    struct path start = {NULL, NULL}, parent;
    char *target = NULL;
    int result;
    for (u32 links = 0;; links++) {
        result = open_creating_at(context, at, target != NULL ? target : text,
                                  flags, mode, &parent, found);
        if (result < 0)
            break;
        path_put(&start);
        start = parent;
        at = &start;
        if (result == 1 || !S_ISLNK(found->inode->mode))
            break;
        result = flags & O_NOFOLLOW || links == LINK_DEPTH_MAX
                     ? -ELOOP
                     : follow_last(found, &target);
        if (result == 1) {
            result = 0;
            break;
        }
        path_put(found);
        if (result < 0)
            break;
    }
    path_put(&start);
    heap_free(target);
    return result;
}

int vfs_open(struct fs_context *context, const struct path *at,
             const char *text, u32 flags, u32 mode, struct file **file)
{
    struct path path;
    int result;
    if (flags & O_PATH)
        flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    if (flags & O_CREAT)
        result = open_creating(context, at, text, flags, mode, &path);
    else
        result = path_find(context, at, text,
                           flags & O_NOFOLLOW ? 0 : WALK_FOLLOW, &path);
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
