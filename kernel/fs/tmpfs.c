/*
 * tmpfs: what its inodes do (their directories: fs/tmpfs_directory.c).
 *
 * An entry of a directory holds one reference to its inode; an inode, one to
 * the directory that named it last. Those rings are cut when the name goes,
 * and by tmpfs_release, which takes the whole tree down without recursion.
 */
#include "fs/tmpfs.h"

#include "fs/tmpfs_internal.h"
#include "fs/vfs.h"
#include "lib/string.h"
#include "mem/heap.h"
#include <asm/errno.h>
#include <linux/magic.h>
#include <linux/stat.h>

#define MOUNT_MODE 01777

static void tmpfs_inode_release(struct inode *inode)
{
    struct tmpfs_node *node = node_of(inode);
    if (inode->object != NULL)
        memory_object_put(inode->object);
    if (S_ISLNK(inode->mode))
        heap_free(node->target);
    heap_free(node);
}

static struct tmpfs_node *node_create(struct file_system *system, u32 mode)
{
    struct tmpfs_node *node = heap_alloc_zeroed(sizeof(*node));
    if (node == NULL)
        return NULL;
    inode_initialize(&node->inode, system, &tmpfs_operations, mode);
    node->next_order = TMPFS_FIRST_ORDER;
    if (!S_ISREG(mode))
        return node;
    node->inode.object = memory_object_create(0);
    if (node->inode.object == NULL) {
        heap_free(node);
        return NULL;
    }
    node->inode.object->leaves_reserve = true;
    return node;
}

/* Who makes something in a set-group-ID directory gives it that group. */
static void inherit_group(struct inode *inode, const struct inode *directory)
{
    if (!(directory->mode & S_ISGID))
        return;
    inode->gid = directory->gid;
    if (S_ISDIR(inode->mode))
        inode->mode |= S_ISGID;
}

static int tmpfs_create_node(struct inode *directory, struct name name,
                             u32 mode, u32 device, struct inode **created)
{
    struct tmpfs_node *node = node_create(directory->file_system, mode);
    if (node == NULL)
        return -ENOMEM;
    node->inode.device = device;
    inherit_group(&node->inode, directory);
    int error = tmpfs_entry_add(directory, name, &node->inode);
    if (error < 0) {
        inode_put(&node->inode);
        return error;
    }
    if (S_ISDIR(mode))
        directory->links++;
    *created = &node->inode;
    return 0;
}

static int tmpfs_symlink(struct inode *directory, struct name name,
                         const char *target)
{
    u32 length = strlen(target);
    struct inode *inode;
    char *text = heap_alloc(length + 1);
    if (text == NULL)
        return -ENOMEM;
    memcpy(text, target, length + 1);
    int error = tmpfs_create_node(directory, name, S_IFLNK | 0777, 0, &inode);
    if (error < 0) {
        heap_free(text);
        return error;
    }
    node_of(inode)->target = text;
    inode->size = length;
    inode_put(inode);
    return 0;
}

static ssize tmpfs_read_link(struct inode *link, char *buffer, size_t size)
{
    u32 length = min(link->size, size);
    memcpy(buffer, node_of(link)->target, length);
    return length;
}

static int tmpfs_link(struct inode *directory, struct name name,
                      struct inode *inode)
{
    int error = tmpfs_entry_add(directory, name, inode);
    if (error < 0)
        return error;
    inode->links++;
    inode_touch_changed(inode);
    return 0;
}

static int tmpfs_remove(struct inode *directory, struct name name,
                        struct inode *inode)
{
    if (!S_ISDIR(inode->mode)) {
        inode->links--;
        inode_touch_changed(inode);
    } else if (tmpfs_directory_is_empty(inode)) {
        inode->links = 0;
        directory->links--;
    } else {
        return -ENOTEMPTY;
    }
    tmpfs_entry_remove(directory, name);
    return 0;
}

/* The names of what is moved and of what makes way for it. The only step
 * that can fail is the new entry; an old one is used again. */
static int tmpfs_rename(struct inode *from, struct name old_name,
                        struct inode *inode, struct inode *to,
                        struct name new_name, struct inode *replaced)
{
    bool directory = S_ISDIR(inode->mode);
    if (replaced != NULL) {
        if (directory && !tmpfs_directory_is_empty(replaced))
            return -ENOTEMPTY;
        replaced->links = directory ? 0 : replaced->links - 1;
        inode_touch_changed(replaced);
        tmpfs_entry_replace(to, new_name, inode);
    } else {
        int error = tmpfs_entry_add(to, new_name, inode);
        if (error < 0)
            return error;
    }
    tmpfs_entry_remove(from, old_name);
    if (directory) {
        from->links--;
        to->links += replaced == NULL;
    }
    inode_touch_changed(inode);
    return 0;
}

const struct inode_operations tmpfs_operations = {
    .lookup = tmpfs_lookup,
    .create = tmpfs_create_node,
    .symlink = tmpfs_symlink,
    .link = tmpfs_link,
    .remove = tmpfs_remove,
    .rename = tmpfs_rename,
    .read_directory = tmpfs_read_directory,
    .name_of = tmpfs_name_of,
    .read_link = tmpfs_read_link,
    .release = tmpfs_inode_release,
};

/* Nobody uses the file system any more: takes the tree down from its leaves. */
static void tmpfs_release(struct file_system *system)
{
    tmpfs_tree_free(system->root);
    inode_put(system->root);
    heap_free(system);
}

int tmpfs_create(const char *type, u32 mode, struct file_system **result)
{
    struct file_system *system = heap_alloc(sizeof(*system));
    if (system == NULL)
        return -ENOMEM;
    file_system_initialize(system, type, TMPFS_MAGIC, tmpfs_release);
    struct tmpfs_node *root = node_create(system, S_IFDIR | mode);
    if (root == NULL) {
        heap_free(system);
        return -ENOMEM;
    }
    system->root = &root->inode;
    *result = system;
    return 0;
}

static int tmpfs_mount(struct file_system **system)
{
    return tmpfs_create("tmpfs", MOUNT_MODE, system);
}

void tmpfs_start(void)
{
    static struct file_system_type type = {"tmpfs", tmpfs_mount, NULL};
    file_system_register(&type);
}
