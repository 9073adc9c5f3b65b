/*
 * From a place back to its name: upwards from parent to parent, the text
 * growing leftwards from the end of the buffer.
 */
#include "fs/path.h"

#include "fs/fs_context.h"
#include "lib/format.h"
#include "lib/string.h"
#include <asm/errno.h>

struct name_climb {
    struct path at; /* counted */
    char *buffer;
    size_t used_from; /* the text so far is [used_from, size) */
};

/* Writes the name of `at` in its parent and goes there. */
static int climb_step(struct name_climb *climb)
{
    char text[NAME_LENGTH_MAX + 1];
    struct inode *inode = climb->at.inode;
    struct file_system *system = inode->file_system;
    int length = -ENOENT;
    mutex_lock(&system->names);
    struct inode *parent = inode->parent;
    if (parent != NULL && parent->operations->name_of != NULL)
        length =
            parent->operations->name_of(parent, inode, text, NAME_LENGTH_MAX);
    if (length >= 0)
        inode_get(parent);
    mutex_unlock(&system->names);
    if (length < 0)
        return length;
    inode_put(inode);
    climb->at.inode = parent;
    if (climb->used_from < (u32)length + 1)
        return -ERANGE;
    climb->used_from -= length + 1;
    climb->buffer[climb->used_from] = '/';
    memcpy(climb->buffer + climb->used_from + 1, text, length);
    return 0;
}

/* Out of the top of a mount to what it covers; false at the very top. */
static bool climb_out(struct name_climb *climb)
{
    struct path covered = climb->at.mount->covered;
    if (covered.inode == NULL)
        return false;
    path_get(&covered);
    path_put(&climb->at);
    climb->at = covered;
    return true;
}

static int climb_to(struct name_climb *climb, const struct path *root)
{
    while (!path_is(&climb->at, root)) {
        if (climb->at.inode == climb->at.mount->file_system->root) {
            if (!climb_out(climb))
                return 0; /* outside of the root: the name from the top */
            continue;
        }
        int error = climb_step(climb);
        if (error < 0)
            return error;
    }
    return 0;
}

int path_name(struct fs_context *context, const struct path *path, char *buffer,
              size_t size)
{
    if (size < 2)
        return -ERANGE;
    struct path root = root_path;
    if (context != NULL)
        root = fs_context_root(context);
    else
        path_get(&root);
    struct name_climb climb = {*path, buffer, size - 1};
    buffer[size - 1] = '\0';
    path_get(path);
    int error = climb_to(&climb, &root);
    path_put(&climb.at);
    path_put(&root);
    if (error < 0)
        return error;
    if (climb.used_from == size - 1)
        buffer[--climb.used_from] = '/';
    u32 length = size - 1 - climb.used_from;
    memmove(buffer, buffer + climb.used_from, length + 1);
    return length;
}

void path_describe(const struct path *path, char *buffer, size_t size)
{
    int length = path_name(NULL, path, buffer, size);
    if (length >= 0)
        return;
    const struct inode *inode = path->inode;
    if (inode->file_system->root == NULL)
        format_text(buffer, size, "%s:[%u]", inode->file_system->type,
                    inode->number);
    else
        format_text(buffer, size, "%s",
                    length == -ENOENT ? "(deleted)" : "(long name)");
}
