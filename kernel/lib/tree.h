/*
 * A balanced binary search tree of nodes that live inside the structs they
 * order (areas by address, timers by deadline).
 *
 * The tree never compares: its user walks down by `left` and `right`, and
 * hands tree_insert the link where the walk ended. Depth is at most
 * 1.45 log2 n (AVL) or 2 log2 n (red-black). No allocation, no recursion.
 */
#pragma once

#include "lib/types.h"

struct tree_node {
    struct tree_node *left;
    struct tree_node *right;
    struct tree_node *parent;
    s32 balance;
};

struct tree {
    struct tree_node *root;
};

/* Hangs `node` on *link (the empty pointer where a search ended), below
 * `parent` (NULL when the tree is empty), and rebalances. */
void tree_insert(struct tree *tree, struct tree_node *node,
                 struct tree_node *parent, struct tree_node **link);
void tree_remove(struct tree *tree, struct tree_node *node);

/* In order; NULL at the ends. */
struct tree_node *tree_first(const struct tree *tree);
struct tree_node *tree_last(const struct tree *tree);
struct tree_node *tree_next(const struct tree_node *node);
struct tree_node *tree_previous(const struct tree_node *node);
