/*
 * The walk: from a text of names to a place, one name at a time.
 *
 * A walk holds references to where it stands, so whatever is renamed or
 * removed around it, it stands on something. A symbolic link on the way
 * replaces the text that is still to be walked by its target and that rest;
 * the loop goes on, so links nest without recursion, LINK_DEPTH_MAX in all.
 * So a file that is to be created may well be where a link leads that led
 * nowhere.
 */
#include "fs/path.h"

#include "core/panic.h"
#include "fs/fs_context.h"
#include "lib/string.h"
#include "mem/heap.h"
#include <asm/errno.h>
#include <linux/stat.h>

struct walk {
    struct path at;
    struct path root; /* counted only if others might change it meanwhile */
    bool root_counted;
    const char *rest; /* [rest, end) is still to be walked */
    const char *end;
    char *buffer; /* holds `rest` once a link was followed; else NULL */
    u32 links;
    u32 mode;     /* of the file to be made where the last name is missing; */
    bool created; /* 0: none. It was. */
};

static void walk_begin(struct walk *walk, struct fs_context *context,
                       const struct path *start, const char *text,
                       const char *end)
{
    walk->rest = text;
    walk->end = end;
    walk->buffer = NULL;
    walk->links = 0;
    walk->mode = 0;
    walk->root_counted = context->references != 1;
    walk->root = walk->root_counted ? fs_context_root(context) : context->root;
    if (text < end && *text == '/')
        start = &walk->root;
    if (start == NULL) {
        walk->at = fs_context_current(context);
        return;
    }
    walk->at = *start;
    path_get(start);
}

static void walk_end(struct walk *walk)
{
    if (unlikely(walk->root_counted))
        path_put(&walk->root);
    if (unlikely(walk->buffer != NULL))
        heap_free(walk->buffer);
}

static void walk_move(struct walk *walk, const struct path *to)
{
    path_put(&walk->at);
    walk->at = *to;
}

/* Takes the next name off the rest; false when there is none. */
static bool walk_next(struct walk *walk, struct name *name)
{
    const char *text = walk->rest;
    while (text < walk->end && *text == '/')
        text++;
    name->text = text;
    while (text < walk->end && *text != '/')
        text++;
    name->length = text - name->text;
    walk->rest = text;
    return name->length != 0;
}

/* To the parent; out of a mount if it is its top; never above the root. */
static void walk_up(struct walk *walk)
{
    struct path at = walk->at;
    while (!path_is(&at, &walk->root) &&
           at.inode == at.mount->file_system->root &&
           at.mount->covered.inode != NULL)
        at = at.mount->covered; /* the walk's own reference keeps the chain */
    if (path_is(&at, &walk->root))
        return;
    struct file_system *system = at.inode->file_system;
    mutex_lock(&system->names);
    struct inode *parent = at.inode->parent;
    if (parent != NULL)
        inode_get(parent);
    mutex_unlock(&system->names);
    if (parent == NULL)
        return;
    at.inode = parent;
    mount_get(at.mount);
    mount_enter(&at);
    walk_move(walk, &at);
}

/* Puts the target of a text link in front of what is still to be walked. */
static int walk_link_text(struct walk *walk, struct inode *link)
{
    if (link->operations->read_link == NULL)
        return -EINVAL;
    char *buffer = heap_alloc(PATH_LENGTH_MAX);
    if (buffer == NULL)
        return -ENOMEM;
    ssize length = link->operations->read_link(link, buffer, PATH_LENGTH_MAX);
    u32 rest = walk->end - walk->rest;
    if (length <= 0 || length + rest > PATH_LENGTH_MAX) {
        heap_free(buffer);
        return length < 0 ? length : length == 0 ? -ENOENT : -ENAMETOOLONG;
    }
    memcpy(buffer + length, walk->rest, rest);
    heap_free(walk->buffer);
    walk->buffer = buffer;
    walk->rest = buffer;
    walk->end = buffer + length + rest;
    if (*buffer == '/') {
        path_get(&walk->root);
        walk_move(walk, &walk->root);
    }
    return 0;
}

static int walk_link(struct walk *walk, struct inode *link)
{
    if (++walk->links > LINK_DEPTH_MAX)
        return -ELOOP;
    if (link->operations->follow == NULL)
        return walk_link_text(walk, link);
    struct path target;
    int error = link->operations->follow(link, &target);
    if (error == 0)
        walk_move(walk, &target);
    return error;
}

/* The name is missing. Makes a file of it, if one is wanted and it is the last
 * one; the names are locked. */
static int walk_create(struct walk *walk, struct name name,
                       struct inode **created)
{
    struct inode *directory = walk->at.inode;
    const char *rest = walk->rest;
    while (rest < walk->end && *rest == '/')
        rest++;
    if (rest < walk->end)
        return -ENOENT;
    if (rest != walk->rest)
        return -EISDIR;
    int error = mount_writable(walk->at.mount);
    if (error == 0)
        error = inode_permission(directory, 3);
    if (error < 0)
        return error;
    if (directory->operations->create == NULL)
        return -EPERM;
    walk->created = true;
    return directory->operations->create(directory, name, walk->mode, 0,
                                         created);
}

/* One step: a directory's entry, mounts on it entered, no link followed. */
static int walk_step(struct walk *walk, struct name name, struct path *found)
{
    struct inode *inode = walk->at.inode;
    if (!S_ISDIR(inode->mode))
        return -ENOTDIR;
    int error = inode_permission(inode, 1);
    if (error < 0)
        return error;
    if (name.length > NAME_LENGTH_MAX)
        return -ENAMETOOLONG;
    struct file_system *system = inode->file_system;
    mutex_lock(&system->names);
    error = inode->operations->lookup(inode, name, &found->inode);
    if (unlikely(error == -ENOENT && walk->mode != 0))
        error = walk_create(walk, name, &found->inode);
    mutex_unlock(&system->names);
    if (error < 0)
        return error;
    found->mount = walk->at.mount;
    mount_get(found->mount);
    mount_enter(found);
    return 0;
}

static int walk_name(struct walk *walk, struct name name, bool follow)
{
    if (name_is_dots(name)) {
        if (!S_ISDIR(walk->at.inode->mode))
            return -ENOTDIR;
        int error = inode_permission(walk->at.inode, 1);
        if (error == 0 && name.length == 2)
            walk_up(walk);
        return error;
    }
    struct path next;
    int error = walk_step(walk, name, &next);
    if (error < 0)
        return error;
    if (follow && S_ISLNK(next.inode->mode)) {
        error = walk_link(walk, next.inode);
        path_put(&next);
        return error;
    }
    walk_move(walk, &next);
    return 0;
}

/* Walks to the end. A slash there asks for a directory. */
static int walk_all(struct walk *walk, u32 flags, struct path *found)
{
    struct name name;
    int error = 0;
    while (error == 0 && walk_next(walk, &name)) {
        bool last = walk->rest == walk->end;
        error = walk_name(walk, name, !last || (flags & WALK_FOLLOW));
    }
    bool directory = (flags & WALK_DIRECTORY) || walk->end[-1] == '/';
    if (error == 0 && directory && !S_ISDIR(walk->at.inode->mode))
        error = walk->mode != 0 ? -EISDIR : -ENOTDIR;
    walk_end(walk);
    if (error < 0)
        path_put(&walk->at);
    else
        *found = walk->at;
    return error;
}

int path_find(struct fs_context *context, const struct path *start,
              const char *text, u32 flags, struct path *found)
{
    struct walk walk;
    if (*text == '\0')
        return -ENOENT;
    walk_begin(&walk, context, start, text, text + strlen(text));
    return walk_all(&walk, flags, found);
}

int path_create(struct fs_context *context, const struct path *start,
                const char *text, u32 flags, u32 mode, struct path *found)
{
    struct walk walk;
    if (*text == '\0')
        return -ENOENT;
    walk_begin(&walk, context, start, text, text + strlen(text));
    walk.mode = S_IFREG | (mode & 07777 & ~context->umask);
    walk.created = false;
    int error = walk_all(&walk, flags, found);
    return error < 0 ? error : walk.created;
}

int path_find_parent(struct fs_context *context, const struct path *start,
                     const char *text, struct path *parent, struct name *last,
                     bool *trailing_slash)
{
    struct walk walk;
    if (*text == '\0')
        return -ENOENT;
    const char *end = text + strlen(text);
    *trailing_slash = end[-1] == '/';
    while (end > text && end[-1] == '/')
        end--;
    const char *name = end;
    while (name > text && name[-1] != '/')
        name--;
    *last = (struct name){name, end - name};
    if (last->length == 0) /* slashes only: the root */
        name = text + 1;
    walk_begin(&walk, context, start, text, name);
    return walk_all(&walk, WALK_FOLLOW | WALK_DIRECTORY, parent);
}
