/*
 * Directories of tmpfs: names in two balanced trees.
 *
 * By hash and name for lookup; by order of creation for reading, so that
 * whoever reads a directory while names come and go sees every name that
 * stays exactly once. All runs under the file system's names mutex.
 */
#include "fs/tmpfs_internal.h"

#include "lib/string.h"
#include "mem/heap.h"
#include <asm/errno.h>
#include <linux/stat.h>

#define ORDER_MAX 0x7fffffffu

#define DIRECTORY_TYPE(mode) (((mode)&S_IFMT) >> 12) /* DT_* */

static struct tmpfs_entry *entry_of_name(struct tree_node *node)
{
    return container_of(node, struct tmpfs_entry, by_name);
}

static struct tmpfs_entry *entry_of_order(struct tree_node *node)
{
    return container_of(node, struct tmpfs_entry, by_order);
}

/* FNV-1a. */
static u32 name_hash(struct name name)
{
    u32 hash = 2166136261u;
    for (u32 i = 0; i < name.length; i++)
        hash = (hash ^ (u8)name.text[i]) * 16777619u;
    return hash;
}

static int name_compare(u32 hash, struct name name,
                        const struct tmpfs_entry *entry)
{
    if (hash != entry->hash)
        return hash < entry->hash ? -1 : 1;
    if (name.length != entry->length)
        return name.length < entry->length ? -1 : 1;
    for (u32 i = 0; i < name.length; i++)
        if (name.text[i] != entry->text[i])
            return name.text[i] < entry->text[i] ? -1 : 1;
    return 0;
}

static struct tmpfs_entry *entry_find(struct inode *directory, struct name name)
{
    struct tree_node *at = node_of(directory)->by_name.root;
    u32 hash = name_hash(name);
    while (at != NULL) {
        struct tmpfs_entry *entry = entry_of_name(at);
        int order = name_compare(hash, name, entry);
        if (order == 0)
            return entry;
        at = order < 0 ? at->left : at->right;
    }
    return NULL;
}

static void insert_by_name(struct tree *tree, struct tmpfs_entry *entry)
{
    struct tree_node **link = &tree->root, *parent = NULL;
    struct name name = {entry->text, entry->length};
    while (*link != NULL) {
        parent = *link;
        int order = name_compare(entry->hash, name, entry_of_name(parent));
        link = order < 0 ? &parent->left : &parent->right;
    }
    tree_insert(tree, &entry->by_name, parent, link);
}

/* `entry` names the inode from now on: its parent and its place for getcwd. */
static void entry_bind(struct inode *directory, struct tmpfs_entry *entry,
                       struct inode *inode)
{
    struct inode *old_parent = inode->parent;
    inode_get(inode);
    entry->inode = inode;
    node_of(inode)->entry = entry;
    if (old_parent == directory)
        return;
    inode_get(directory);
    inode->parent = directory;
    if (old_parent != NULL)
        inode_put(old_parent);
}

static void entry_unbind(struct tmpfs_entry *entry)
{
    struct inode *inode = entry->inode;
    if (node_of(inode)->entry == entry)
        node_of(inode)->entry = NULL;
    inode_put(inode);
}

int tmpfs_entry_add(struct inode *directory, struct name name,
                    struct inode *inode)
{
    struct tmpfs_node *node = node_of(directory);
    if (directory->links == 0)
        return -ENOENT;
    if (node->next_order > ORDER_MAX || frames_are_scarce())
        return -ENOSPC;
    struct tmpfs_entry *entry = heap_alloc(sizeof(*entry) + name.length);
    if (entry == NULL)
        return -ENOMEM;
    entry->hash = name_hash(name);
    entry->order = node->next_order++;
    entry->length = name.length;
    memcpy(entry->text, name.text, name.length);
    entry_bind(directory, entry, inode);
    insert_by_name(&node->by_name, entry);
    struct tree_node *last = tree_last(&node->by_order);
    tree_insert(&node->by_order, &entry->by_order, last,
                last != NULL ? &last->right : &node->by_order.root);
    inode_touch_modified(directory);
    return 0;
}

static void entry_free(struct inode *directory, struct tmpfs_entry *entry)
{
    struct tmpfs_node *node = node_of(directory);
    tree_remove(&node->by_name, &entry->by_name);
    tree_remove(&node->by_order, &entry->by_order);
    entry_unbind(entry);
    heap_free(entry);
}

void tmpfs_entry_remove(struct inode *directory, struct name name)
{
    entry_free(directory, entry_find(directory, name));
    inode_touch_modified(directory);
}

void tmpfs_entry_replace(struct inode *directory, struct name name,
                         struct inode *inode)
{
    struct tmpfs_entry *entry = entry_find(directory, name);
    entry_unbind(entry);
    entry_bind(directory, entry, inode);
    inode_touch_modified(directory);
}

int tmpfs_lookup(struct inode *directory, struct name name,
                 struct inode **found)
{
    struct tmpfs_entry *entry = entry_find(directory, name);
    if (entry == NULL)
        return -ENOENT;
    inode_get(entry->inode);
    *found = entry->inode;
    return 0;
}

/* The first entry of this order or a later one. */
static struct tmpfs_entry *entry_from(struct tmpfs_node *node, u32 order)
{
    struct tree_node *at = node->by_order.root;
    struct tmpfs_entry *found = NULL;
    while (at != NULL) {
        struct tmpfs_entry *entry = entry_of_order(at);
        if (entry->order >= order)
            found = entry;
        at = entry->order >= order ? at->left : at->right;
    }
    return found;
}

/* "." and "..": 1 when both are behind us, 0 when emit said no. */
static int emit_dots(struct inode *directory, u64 offset, directory_emit emit,
                     void *context)
{
    struct inode *parent =
        directory->parent != NULL ? directory->parent : directory;
    struct name dot = {".", 1}, dots = {"..", 2};
    u8 type = DIRECTORY_TYPE(S_IFDIR);
    if (offset == 0 && !emit(context, dot, directory->number, type, 1))
        return 0;
    if (offset <= 1 && !emit(context, dots, parent->number, type, 2))
        return 0;
    return 1;
}

int tmpfs_read_directory(struct inode *directory, u64 offset,
                         directory_emit emit, void *context)
{
    if (offset > ORDER_MAX || directory->links == 0)
        return directory->links == 0 ? -ENOENT : 0;
    if (!emit_dots(directory, offset, emit, context))
        return 0;
    struct tmpfs_entry *entry = entry_from(node_of(directory), offset);
    while (entry != NULL) {
        const struct inode *inode = entry->inode;
        struct name name = {entry->text, entry->length};
        if (!emit(context, name, inode->number, DIRECTORY_TYPE(inode->mode),
                  (u64)entry->order + 1))
            return 0;
        struct tree_node *next = tree_next(&entry->by_order);
        entry = next != NULL ? entry_of_order(next) : NULL;
    }
    return 0;
}

int tmpfs_name_of(struct inode *directory, struct inode *child, char *buffer,
                  size_t size)
{
    struct tmpfs_entry *entry = node_of(child)->entry;
    if (entry == NULL || child->parent != directory)
        return -ENOENT;
    u32 length = min(entry->length, size);
    memcpy(buffer, entry->text, length);
    return length;
}

bool tmpfs_directory_is_empty(struct inode *directory)
{
    return node_of(directory)->by_name.root == NULL;
}

/* Always through the first entry, so that the way back up is known. */
void tmpfs_tree_free(struct inode *root)
{
    struct inode *directory = root;
    while (true) {
        struct tree_node *first = tree_first(&node_of(directory)->by_order);
        struct inode *child = first ? entry_of_order(first)->inode : NULL;
        if (child != NULL && S_ISDIR(child->mode) &&
            !tmpfs_directory_is_empty(child))
            directory = child;
        else if (child != NULL)
            entry_free(directory, entry_of_order(first));
        else if (directory != root)
            directory = directory->parent;
        else
            return;
    }
}
