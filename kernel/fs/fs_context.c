/*
 * Root, current directory and umask of a process.
 */
#include "fs/fs_context.h"

#include "core/atomic.h"
#include "mem/heap.h"

#define UMASK_DEFAULT 022

struct fs_context *fs_context_copy(struct fs_context *context)
{
    struct fs_context *copy = heap_alloc(sizeof(*copy));
    if (copy == NULL)
        return NULL;
    copy->references = 1;
    spinlock_initialize(&copy->lock, RANK_FS_CONTEXT);
    spin_lock(&context->lock);
    copy->root = context->root;
    copy->current = context->current;
    copy->umask = context->umask;
    path_get(&copy->root);
    path_get(&copy->current);
    spin_unlock(&context->lock);
    return copy;
}

struct fs_context *fs_context_create(const struct path *root)
{
    struct fs_context first = {
        .root = *root, .current = *root, .umask = UMASK_DEFAULT};
    spinlock_initialize(&first.lock, RANK_FS_CONTEXT);
    return fs_context_copy(&first);
}

void fs_context_get(struct fs_context *context)
{
    atomic_increment(&context->references);
}

void fs_context_put(struct fs_context *context)
{
    if (!atomic_decrement(&context->references))
        return;
    path_put(&context->root);
    path_put(&context->current);
    heap_free(context);
}

/* Alone with the context, the process itself is the only one to change it. */
static struct path context_read(struct fs_context *context,
                                const struct path *place)
{
    bool shared = context->references != 1;
    if (unlikely(shared))
        spin_lock(&context->lock);
    struct path path = *place;
    path_get(&path);
    if (unlikely(shared))
        spin_unlock(&context->lock);
    return path;
}

struct path fs_context_current(struct fs_context *context)
{
    return context_read(context, &context->current);
}

struct path fs_context_root(struct fs_context *context)
{
    return context_read(context, &context->root);
}
