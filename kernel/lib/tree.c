/*
 * An AVL tree: the heights of the two sides of a node differ by at most one.
 *
 * A node's `balance` is the height of its right side minus that of its left:
 * -1, 0 or 1, and 2 or -2 for a moment, until rotations mend it. `side` below
 * is +1 for right and -1 for left, so that each step is written once and its
 * mirror image comes for free.
 */
#include "lib/tree.h"

static struct tree_node **child_link(struct tree_node *node, s32 side)
{
    return side > 0 ? &node->right : &node->left;
}

/* On which side of its parent a node hangs. */
static s32 side_of(const struct tree_node *node, const struct tree_node *parent)
{
    return parent->right == node ? 1 : -1;
}

/* Hangs `replacement` (may be NULL) where `node` hangs below its parent. */
static void replace(struct tree *tree, struct tree_node *node,
                    struct tree_node *replacement)
{
    struct tree_node *parent = node->parent;
    if (parent == NULL)
        tree->root = replacement;
    else
        *child_link(parent, side_of(node, parent)) = replacement;
    if (replacement != NULL)
        replacement->parent = parent;
}

/*
 * Lifts the child on `side` above its parent; order is kept. For side = +1:
 *
 *      node                 child
 *     /    \               /     \
 *    a     child   ->    node     c
 *          /   \        /    \
 *         b     c      a      b
 */
static void rotate(struct tree *tree, struct tree_node *node, s32 side)
{
    struct tree_node *child = *child_link(node, side);
    struct tree_node *inner = *child_link(child, -side);
    replace(tree, node, child);
    *child_link(child, -side) = node;
    node->parent = child;
    *child_link(node, side) = inner;
    if (inner != NULL)
        inner->parent = node;
}

/* The heavy child leans inwards: its inner child becomes the top of all. */
static struct tree_node *rotate_twice(struct tree *tree, struct tree_node *node,
                                      struct tree_node *child, s32 side)
{
    struct tree_node *inner = *child_link(child, -side);
    rotate(tree, child, -side);
    rotate(tree, node, side);
    node->balance = inner->balance == side ? -side : 0;
    child->balance = inner->balance == -side ? side : 0;
    inner->balance = 0;
    return inner;
}

/* Mends a node whose balance is 2 or -2. Returns the new top of its subtree,
 * whose balance is 0 exactly when the subtree has become lower. */
static struct tree_node *mend(struct tree *tree, struct tree_node *node)
{
    s32 side = node->balance / 2;
    struct tree_node *child = *child_link(node, side);
    if (child->balance == -side)
        return rotate_twice(tree, node, child, side);
    rotate(tree, node, side);
    /* A level child happens after a removal only; the height stays. */
    node->balance = child->balance == 0 ? side : 0;
    child->balance = child->balance == 0 ? -side : 0;
    return child;
}

void tree_insert(struct tree *tree, struct tree_node *node,
                 struct tree_node *parent, struct tree_node **link)
{
    *node = (struct tree_node){.parent = parent};
    *link = node;
    while (parent != NULL) {
        parent->balance += side_of(node, parent);
        if (parent->balance == 0)
            return;
        if (parent->balance == 2 || parent->balance == -2) {
            mend(tree, parent);
            return;
        }
        node = parent;
        parent = node->parent;
    }
}

/* Walks up from a subtree on `side` of `parent` that has become lower. */
static void rebalance_lower(struct tree *tree, struct tree_node *parent,
                            s32 side)
{
    while (parent != NULL) {
        parent->balance -= side;
        if (parent->balance == 2 || parent->balance == -2)
            parent = mend(tree, parent);
        if (parent->balance != 0)
            return;
        struct tree_node *lower = parent;
        parent = lower->parent;
        if (parent != NULL)
            side = side_of(lower, parent);
    }
}

/* Changes the places of a node with two children and the node that follows
 * it, which has no left child. Order is broken only until `node` is gone. */
static void exchange_with_next(struct tree *tree, struct tree_node *node,
                               struct tree_node *next)
{
    struct tree_node old = *next;
    replace(tree, node, next);
    next->balance = node->balance;
    next->left = node->left;
    next->left->parent = next;
    if (old.parent == node) {
        next->right = node;
        node->parent = next;
    } else {
        next->right = node->right;
        next->right->parent = next;
        old.parent->left = node;
        node->parent = old.parent;
    }
    node->balance = old.balance;
    node->left = NULL;
    node->right = old.right;
    if (old.right != NULL)
        old.right->parent = node;
}

void tree_remove(struct tree *tree, struct tree_node *node)
{
    if (node->left != NULL && node->right != NULL)
        exchange_with_next(tree, node, tree_next(node));
    struct tree_node *parent = node->parent;
    s32 side = parent != NULL ? side_of(node, parent) : 0;
    replace(tree, node, node->left != NULL ? node->left : node->right);
    rebalance_lower(tree, parent, side);
}

/* The last node on the way down from `node` along one side. */
static struct tree_node *outermost(struct tree_node *node, s32 side)
{
    while (node != NULL && *child_link(node, side) != NULL)
        node = *child_link(node, side);
    return node;
}

/* The neighbour in order: down on `side`, else up to where we turn. */
static struct tree_node *neighbour(const struct tree_node *node, s32 side)
{
    struct tree_node *below = *child_link((struct tree_node *)node, side);
    if (below != NULL)
        return outermost(below, -side);
    while (node->parent != NULL && side_of(node, node->parent) == side)
        node = node->parent;
    return node->parent;
}

struct tree_node *tree_first(const struct tree *tree)
{
    return outermost(tree->root, -1);
}

struct tree_node *tree_last(const struct tree *tree)
{
    return outermost(tree->root, 1);
}

struct tree_node *tree_next(const struct tree_node *node)
{
    return neighbour(node, 1);
}

struct tree_node *tree_previous(const struct tree_node *node)
{
    return neighbour(node, -1);
}
