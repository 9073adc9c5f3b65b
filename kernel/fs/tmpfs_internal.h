/*
 * What tmpfs.c and tmpfs_directory.c share: nodes and their entries.
 */
#pragma once

#include "fs/inode.h"
#include "lib/tree.h"

/* "." and ".." are 0 and 1 when a directory is read. */
#define TMPFS_FIRST_ORDER 2u

/* One name. It stands in two trees of its directory: by name for lookup, and
 * by age for reading, where `order` is the offset that stays good. */
struct tmpfs_entry {
    struct tree_node by_name;
    struct tree_node by_order;
    struct inode *inode; /* one reference */
    u32 hash;
    u32 order;
    u32 length;
    char text[];
};

struct tmpfs_node {
    struct inode inode;
    struct tmpfs_entry *entry; /* in inode.parent; NULL once removed */
    /* of a directory */
    struct tree by_name;
    struct tree by_order;
    u32 next_order;
    /* of a symbolic link */
    char *target;
};

static inline struct tmpfs_node *node_of(struct inode *inode)
{
    return container_of(inode, struct tmpfs_node, inode);
}

extern const struct inode_operations tmpfs_operations;

/* Operations of inode_operations. */
int tmpfs_lookup(struct inode *directory, struct name name,
                 struct inode **found);
int tmpfs_read_directory(struct inode *directory, u64 offset,
                         directory_emit emit, void *context);
int tmpfs_name_of(struct inode *directory, struct inode *child, char *buffer,
                  size_t size);

/* A new name for an inode, which gets one more reference and `directory` as
 * its parent. 0, -ENOMEM, -ENOENT when the directory itself was removed,
 * -ENOSPC after 2^31 names or when only the reserve of memory is left. */
int tmpfs_entry_add(struct inode *directory, struct name name,
                    struct inode *inode);
/* Takes away a name that is there, and the reference it holds. */
void tmpfs_entry_remove(struct inode *directory, struct name name);
/* Gives a name that is there to another inode. */
void tmpfs_entry_replace(struct inode *directory, struct name name,
                         struct inode *inode);

bool tmpfs_directory_is_empty(struct inode *directory);
/* Takes all names of a tree that nobody uses any more. */
void tmpfs_tree_free(struct inode *root);
