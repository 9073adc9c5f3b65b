/*
 * Mounts: which file system's root hides which place.
 *
 * All mounts stand in one list, oldest first, under mount_lock. An inode that
 * is hidden counts its mounts, so that the walk looks into the list only
 * where there is something to find. A mount lives as long as a path leads
 * into it: the list's own reference is the only one when nobody uses it. One
 * that is detached takes all mounts inside it off the list too; what is off
 * the list covers nothing, and nothing can be mounted in it.
 */
#include "fs/path.h"

#include "core/panic.h"
#include "lib/string.h"
#include "mem/heap.h"
#include <asm/errno.h>
#include <linux/stat.h>

static struct spinlock mount_lock = SPINLOCK_INITIALIZER(RANK_MOUNT);
static struct list mounts = LIST_INITIALIZER(mounts);

struct path root_path;

static struct mount *mount_create(const char *source,
                                  struct file_system *system)
{
    struct mount *mount = heap_alloc_zeroed(sizeof(*mount));
    if (mount == NULL)
        return NULL;
    mount->references = 1;
    mount->file_system = system;
    string_copy(mount->source, source, sizeof(mount->source));
    return mount;
}

int mount_root(struct file_system *system)
{
    assert(root_path.mount == NULL && system->root != NULL);
    struct mount *mount = mount_create("none", system);
    if (mount == NULL)
        return -ENOMEM;
    list_add_last(&mounts, &mount->link);
    root_path = (struct path){mount, system->root};
    path_get(&root_path);
    return 0;
}

int mount_add(const char *source, struct file_system *system,
              const struct path *where, u32 flags)
{
    if (!S_ISDIR(where->inode->mode))
        return -ENOTDIR;
    struct mount *mount = mount_create(source, system);
    if (mount == NULL)
        return -ENOMEM;
    mount->flags = flags;
    mount->covered = *where;
    spin_lock(&mount_lock);
    bool detached = where->mount->detached;
    if (!detached) {
        path_get(where);
        where->inode->mounts++;
        list_add_last(&mounts, &mount->link);
    }
    spin_unlock(&mount_lock);
    if (detached)
        heap_free(mount);
    return detached ? -EINVAL : 0;
}

/* Takes a mount, and all that are mounted inside it, off the list, into
 * `gone`. Those stand behind it: what is mounted on must be there before. */
static void mount_detach(struct mount *top, struct list *gone)
{
    struct mount *mount, *next;
    list_for_each_safe (mount, next, &mounts, link) {
        struct mount *below = mount->covered.mount;
        if (mount != top && (below == NULL || !below->detached))
            continue;
        mount->detached = true;
        mount->covered.inode->mounts--;
        list_remove(&mount->link);
        list_add_last(gone, &mount->link);
    }
}

int mount_change(const struct path *where, u32 flags)
{
    struct mount *mount = where->mount;
    if (where->inode != mount->file_system->root)
        return -EINVAL;
    u32 old = __atomic_exchange_n(&mount->flags, flags, __ATOMIC_SEQ_CST);
    /* Who opens for writing is counted first and then looks at the flags. */
    if (!(flags & MS_RDONLY) || atomic_load(&mount->writers) == 0)
        return 0;
    mount->flags = old;
    return -EBUSY;
}

int mount_writable(const struct mount *mount)
{
    return mount->flags & MS_RDONLY ? -EROFS : 0;
}

int mount_permission_flagged(const struct path *path, u32 want)
{
    u32 mode = path->inode->mode;
    if ((want & 2) && (S_ISREG(mode) || S_ISDIR(mode)))
        return mount_writable(path->mount);
    bool runs = (want & 1) && S_ISREG(mode);
    return runs && (path->mount->flags & MS_NOEXEC) ? -EACCES : 0;
}

int mount_remove(const struct path *where, bool lazily)
{
    struct mount *mount = where->mount;
    if (where->inode != mount->file_system->root ||
        mount->covered.inode == NULL)
        return -EINVAL;
    struct list gone = LIST_INITIALIZER(gone);
    int result = 0;
    spin_lock(&mount_lock);
    if (mount->detached)
        result = -EINVAL; /* somebody else was quicker */
    else if (!lazily && atomic_load(&mount->references) > 2)
        result = -EBUSY; /* more than the list's and that of `where` */
    else
        mount_detach(mount, &gone);
    spin_unlock(&mount_lock);
    while (!list_is_empty(&gone)) {
        mount = list_first(&gone, struct mount, link);
        list_remove(&mount->link);
        mount_put(mount);
    }
    return result;
}

/* Mounts may be stacked in a branch that was detached as a whole: a loop. */
void mount_release(struct mount *mount)
{
    while (mount != NULL) {
        struct path covered = mount->covered;
        file_system_put(mount->file_system);
        heap_free(mount);
        if (covered.inode == NULL)
            return;
        inode_put(covered.inode);
        mount =
            atomic_decrement(&covered.mount->references) ? covered.mount : NULL;
    }
}

/* The newest mount on this very place, with a reference; or NULL. */
static struct mount *mount_on(const struct path *path)
{
    struct mount *mount, *found = NULL;
    spin_lock(&mount_lock);
    list_for_each (mount, &mounts, link)
        if (path_is(&mount->covered, path))
            found = mount;
    if (found != NULL)
        mount_get(found);
    spin_unlock(&mount_lock);
    return found;
}

void mount_enter_covered(struct path *path)
{
    while (path->inode->mounts != 0) {
        struct mount *mount = mount_on(path);
        if (mount == NULL)
            return;
        struct path inside = {mount, mount->file_system->root};
        inode_get(inside.inode);
        path_put(path);
        *path = inside;
    }
}

void mount_for_each(void (*visit)(struct mount *mount, void *context),
                    void *context)
{
    struct mount *mount;
    spin_lock(&mount_lock);
    list_for_each (mount, &mounts, link)
        visit(mount, context);
    spin_unlock(&mount_lock);
}
