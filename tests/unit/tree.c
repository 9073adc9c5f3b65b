/*
 * Whatever is inserted and removed in whatever order, the tree stays ordered,
 * its links agree, and the heights of two sides differ by at most one.
 */
#include "unit.h"
#include "kernel/lib/tree.c"

#include "lib/types.h"

#define ITEMS 512

struct item {
    struct tree_node node;
    int key;
    bool present;
};

static struct item items[ITEMS];
static struct tree tree;

static struct item *item_of(struct tree_node *node)
{
    return container_of(node, struct item, node);
}

static void insert(struct item *item)
{
    struct tree_node **link = &tree.root;
    struct tree_node *parent = NULL;
    while (*link != NULL) {
        parent = *link;
        link =
            item->key < item_of(parent)->key ? &parent->left : &parent->right;
    }
    tree_insert(&tree, &item->node, parent, link);
    item->present = true;
}

static void remove_item(struct item *item)
{
    tree_remove(&tree, &item->node);
    memset(&item->node, 0x55, sizeof(item->node));
    item->present = false;
}

/* Returns the height; checks all links and balances below. */
static int check_subtree(struct tree_node *node, struct tree_node *parent,
                         int *count)
{
    if (node == NULL)
        return 0;
    ++*count;
    check(node->parent == parent);
    int left = check_subtree(node->left, node, count);
    int right = check_subtree(node->right, node, count);
    check_number(node->balance, right - left);
    check(right - left <= 1 && left - right <= 1);
    return 1 + (left > right ? left : right);
}

/* Keys are the items' indices, so the order to expect is the array's. */
static void check_tree(void)
{
    int count = 0;
    check_subtree(tree.root, NULL, &count);
    struct tree_node *node = tree_first(&tree);
    struct tree_node *before = NULL;
    for (int i = 0; i < ITEMS; i++) {
        if (!items[i].present)
            continue;
        count--;
        check(node == &items[i].node);
        check(tree_previous(node) == before);
        before = node;
        node = tree_next(node);
    }
    check(node == NULL);
    check(tree_last(&tree) == before);
    check_number(count, 0);
}

static void start(void)
{
    tree.root = NULL;
    for (int i = 0; i < ITEMS; i++)
        items[i] = (struct item){.key = i};
}

static void empty(void)
{
    start();
    check(tree_first(&tree) == NULL);
    check(tree_last(&tree) == NULL);
}

static void ascending_and_descending(void)
{
    start();
    for (int i = 0; i < ITEMS; i++) {
        insert(&items[i]);
        check_tree();
    }
    for (int i = 0; i < ITEMS; i++) {
        remove_item(&items[i]);
        check_tree();
    }
    for (int i = ITEMS - 1; i >= 0; i--)
        insert(&items[i]);
    check_tree();
    for (int i = ITEMS - 1; i >= 0; i--) {
        remove_item(&items[i]);
        check_tree();
    }
    check(tree.root == NULL);
}

static void random_order(void)
{
    start();
    for (int round = 0; round < 20000; round++) {
        struct item *item = &items[unit_random_below(ITEMS)];
        if (item->present)
            remove_item(item);
        else
            insert(item);
        if (round % 16 == 0)
            check_tree();
    }
    check_tree();
}

/* Every shape that up to 7 nodes can take, and every removal from it. */
static void small_trees(void)
{
    for (int round = 0; round < 20000; round++) {
        start();
        int size = 1 + unit_random_below(7);
        for (int i = 0; i < size; i++) {
            int key = unit_random_below(size);
            if (!items[key].present)
                insert(&items[key]);
        }
        int victim = unit_random_below(size);
        if (items[victim].present)
            remove_item(&items[victim]);
        check_tree();
    }
}

static void equal_keys_keep_their_order(void)
{
    start();
    for (int i = 0; i < 100; i++) {
        items[i].key = 7;
        insert(&items[i]);
    }
    check_tree();
}

UNIT_TESTS(UNIT_TEST(empty), UNIT_TEST(ascending_and_descending),
           UNIT_TEST(random_order), UNIT_TEST(small_trees),
           UNIT_TEST(equal_keys_keep_their_order))
