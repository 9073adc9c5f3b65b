/*
 * Places in the tree of names, and how a path leads there.
 *
 * A place is a mount and an inode of its file system. Mounts cover places;
 * the walk steps into them and out again by `..`. Symbolic links are followed
 * up to LINK_DEPTH_MAX.
 */
#pragma once

#include "fs/inode.h"
#include <linux/mount.h>

/* One reference each, or both NULL. */
struct path {
    struct mount *mount;
    struct inode *inode;
};

struct mount {
    volatile u32 references; /* atomic: paths in it, and the list */
    struct list link;        /* all mounts; under the mount lock */
    bool detached;           /* not among them any more; the same lock */
    struct file_system *file_system;
    struct path covered; /* what it hides; both NULL for the root */
    volatile u32 flags;  /* MS_*, of those in MOUNT_FLAGS */
    u32 writers;         /* files open for writing; atomic */
    char source[64];     /* as given to mount(2), for /proc/mounts */
};

/* The slow half of letting go of a mount: nobody is in it any more. */
void mount_release(struct mount *mount);

static inline void mount_get(struct mount *mount)
{
    __atomic_fetch_add(&mount->references, 1, __ATOMIC_RELAXED);
}

static inline void mount_put(struct mount *mount)
{
    if (atomic_decrement(&mount->references))
        mount_release(mount);
}

static inline void path_get(const struct path *path)
{
    mount_get(path->mount);
    inode_get(path->inode);
}

/* An empty path is fine. */
static inline void path_put(const struct path *path)
{
    if (path->inode == NULL)
        return;
    inode_put(path->inode);
    mount_put(path->mount);
}

static inline bool path_is(const struct path *path, const struct path *other)
{
    return path->inode == other->inode && path->mount == other->mount;
}

struct fs_context;

#define WALK_FOLLOW    1u /* follow a symbolic link at the end */
#define WALK_DIRECTORY 2u /* the result must be a directory */

/* Finds an existing place. `start` is where relative paths begin (NULL: the
 * current directory). 0 or -errno; the result has references. */
int path_find(struct fs_context *context, const struct path *start,
              const char *text, u32 flags, struct path *found);

/* As path_find, but makes a regular file of that mode (less the umask) where
 * the last name is missing. 1 when it was made, 0 when it was there. */
int path_create(struct fs_context *context, const struct path *start,
                const char *text, u32 flags, u32 mode, struct path *found);

/* Finds the directory that holds (or is to hold) the last component, which
 * comes back in *last (it points into `text`; may be "." or ".."; empty for
 * the root itself). */
int path_find_parent(struct fs_context *context, const struct path *start,
                     const char *text, struct path *parent, struct name *last,
                     bool *trailing_slash);

/* The absolute name of a place under the context's root (NULL: the root of
 * all); its length without NUL, -ERANGE, or -ENOENT when it was removed. */
int path_name(struct fs_context *context, const struct path *path, char *buffer,
              size_t size);
/* The same for people: never fails, cuts, says "pipe:[7]", "(deleted)". */
void path_describe(const struct path *path, char *buffer, size_t size);

/* The slow half: who asks matters. */
int inode_permission_effective(const struct inode *inode, u32 want);

/* May the current credentials (core/credentials.h) do this to the inode?
 * `want` is a sum of 4 read, 2 write, 1 execute. 0 or -EACCES. */
static inline int inode_permission(const struct inode *inode, u32 want)
{
    u32 all = want | want << 3 | want << 6;
    if (likely((inode->mode & all) == all)) /* granted to everybody */
        return 0;
    return inode_permission_effective(inode, want);
}
/* The same for the real user and group, which access(2) asks about. */
int inode_permission_real(const struct inode *inode, u32 want);
/* -EPERM unless the current credentials own the inode or are root's. */
int inode_owned(const struct inode *inode);

/* Mounts. Those that succeed take over the reference to the file system.
 * -EINVAL when `where` lies in a mount that is detached. */
int mount_root(struct file_system *system);
int mount_add(const char *source, struct file_system *system,
              const struct path *where, u32 flags);
/* Other flags for the mount whose root `where` is. -EINVAL when it is no such
 * place, -EBUSY when it can't be read-only while files are written. */
int mount_change(const struct path *where, u32 flags);
/* `where` is the mount's root. -EINVAL when it is no such place, -EBUSY while
 * anybody is in it; `lazily`: it and all mounts inside it are hidden now, each
 * gone when the last one leaves. */
int mount_remove(const struct path *where, bool lazily);
/* The slow half of mount_enter: something is mounted on the path's inode. */
void mount_enter_covered(struct path *path);

/* A path on which something is mounted becomes that mount's root. */
static inline void mount_enter(struct path *path)
{
    if (unlikely(path->inode->mounts != 0))
        mount_enter_covered(path);
}
/* Flags that a mount keeps and that have effect. */
#define MOUNT_FLAGS                                                            \
    (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NODIRATIME)

/* 0, or -EROFS where nothing may be changed. */
int mount_writable(const struct mount *mount);
/* What the mount's flags say about a place; as inode_permission. */
int mount_permission_flagged(const struct path *path, u32 want);
static inline int mount_permission(const struct path *path, u32 want)
{
    return likely(path->mount->flags == 0)
               ? 0
               : mount_permission_flagged(path, want);
}

extern struct path root_path;
/* Calls visit for each mount, oldest first, with the mount lock held. */
void mount_for_each(void (*visit)(struct mount *mount, void *context),
                    void *context);
