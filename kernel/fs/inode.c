/*
 * What all inodes have in common: a count of references, an owner, dates.
 *
 * A directory's entry holds one reference to its inode, an inode one to its
 * parent. Letting go of the last reference may let go of the parent's last,
 * and so on up a removed branch: that is a loop here, never a recursion.
 */
#include "fs/inode.h"

#include "core/credentials.h"
#include "x86/clock.h"
#include <asm/errno.h>
#include <linux/stat.h>

#define DEVICE_ANONYMOUS_FIRST 16u /* major 0, as Linux numbers them */

static volatile u32 next_device = DEVICE_ANONYMOUS_FIRST;

void file_system_initialize(struct file_system *system, const char *type,
                            u32 magic,
                            void (*release)(struct file_system *system))
{
    *system = (struct file_system){
        .type = type,
        .magic = magic,
        .device = atomic_add(&next_device, 1),
        .next_inode = 1,
        .references = 1,
        .release = release,
    };
    mutex_initialize(&system->names, RANK_NAMES);
}

void file_system_put(struct file_system *system)
{
    if (atomic_decrement(&system->references))
        system->release(system);
}

void inode_initialize(struct inode *inode, struct file_system *system,
                      const struct inode_operations *operations, u32 mode)
{
    const struct credentials *owner = credentials_current();
    u64 now = clock_real_nanoseconds();
    *inode = (struct inode){
        .references = 1,
        .operations = operations,
        .file_system = system,
        .number = atomic_add(&system->next_inode, 1),
        .mode = mode,
        .links = S_ISDIR(mode) ? 2 : 1,
        .uid = owner->uid.effective,
        .gid = owner->gid.effective,
        .accessed = now,
        .modified = now,
        .changed = now,
    };
    mutex_initialize(&inode->lock, RANK_INODE);
}

void inode_release(struct inode *inode)
{
    do {
        struct inode *parent = inode->parent;
        inode->operations->release(inode);
        inode = parent;
    } while (inode != NULL && atomic_decrement(&inode->references));
}

void inode_drop_privilege(struct inode *inode)
{
    if (S_ISREG(inode->mode))
        inode->mode &= ~(S_ISUID | (inode->mode & S_IXGRP ? S_ISGID : 0));
}

void inode_touch_modified(struct inode *inode)
{
    if (unlikely(inode->mode & (S_ISUID | S_ISGID)) && !acts_as_root())
        inode_drop_privilege(inode);
    inode->modified = inode->changed = clock_real_nanoseconds();
}

void inode_touch_changed(struct inode *inode)
{
    inode->changed = clock_real_nanoseconds();
}

int inode_resize(struct inode *inode, u32 size)
{
    mutex_lock(&inode->lock);
    bool runs = inode->writers < 0;
    if (!runs) {
        memory_object_resize(inode->object, size);
        inode_touch_modified(inode);
    }
    mutex_unlock(&inode->lock);
    return runs ? -ETXTBSY : 0;
}
