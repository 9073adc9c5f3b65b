/*
 * Names: making, removing, renaming, linking; reading directories; where the
 * process stands. What is allowed is decided in fs/names.c.
 */
#include "syscall/place.h"

#include "lib/string.h"
#include "mem/heap.h"
#include "x86/user_copy.h"

/* One call never returns more than this many bytes of entries. */
#define ENTRIES_SIZE 4096u

s32 sys_mkdirat(struct place *place, u32 mode)
{
    return vfs_make_directory(context_current(), place->at, place->text, mode);
}

s32 sys_mknodat(struct place *place, u32 mode, u32 device)
{
    return vfs_make_node(context_current(), place->at, place->text, mode,
                         device);
}

s32 sys_unlinkat(struct place *place, u32 flags)
{
    if (flags & ~AT_REMOVEDIR)
        return -EINVAL;
    return (flags & AT_REMOVEDIR ? vfs_remove_directory : vfs_unlink)(
        context_current(), place->at, place->text);
}

s32 sys_renameat2(struct place *old, struct place *new, u32 flags)
{
    return vfs_rename(context_current(), old->at, old->text, new->at, new->text,
                      flags);
}

s32 sys_linkat(struct place *old, struct place *new, u32 flags)
{
    struct path target;
    if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    u32 find = flags & AT_EMPTY_PATH;
    if (!(flags & AT_SYMLINK_FOLLOW))
        find |= AT_SYMLINK_NOFOLLOW;
    int error = place_find(old, find, &target);
    if (error < 0)
        return error;
    error = vfs_link(context_current(), &target, new->at, new->text);
    path_put(&target);
    return error;
}

/* What a link says is no place yet, but text like that of one. */
s32 sys_symlinkat(struct place *target, struct place *place)
{
    return vfs_symlink(context_current(), target->text, place->at, place->text);
}

s32 sys_readlinkat(struct place *place, char user *buffer, int size)
{
    if (size <= 0)
        return -EINVAL;
    size = min(size, (int)PATH_LENGTH_MAX);
    char *target = heap_alloc(size);
    if (target == NULL)
        return -ENOMEM;
    ssize length =
        vfs_read_link(context_current(), place->at, place->text, target, size);
    if (length > 0 && user_copy_out(buffer, target, length) < 0)
        length = -EFAULT;
    heap_free(target);
    return length;
}

/* ---- reading a directory ------------------------------------------------- */

/* Entries are put together here, then copied out at once: the names of the
 * file system are locked meanwhile, and user memory may fault. */
struct entry_writer {
    u8 *buffer;
    u32 size;
    u32 used;
    bool full; /* an entry did not fit */
};

/* The place for an entry of `size` bytes, cleared; NULL when it is full. */
static void *entry_reserve(struct entry_writer *writer, u32 size)
{
    if (size > writer->size - writer->used) {
        writer->full = true;
        return NULL;
    }
    void *entry = memset(writer->buffer + writer->used, 0, size);
    writer->used += size;
    return entry;
}

static bool emit_entry(void *context, struct name name, u64 inode, u8 type,
                       u64 next_offset)
{
    u32 size = round_up(sizeof(struct linux_dirent64) + name.length + 1, 8);
    struct linux_dirent64 *entry = entry_reserve(context, size);
    if (entry == NULL)
        return false;
    entry->d_ino = inode;
    entry->d_off = next_offset;
    entry->d_reclen = size;
    entry->d_type = type;
    memcpy(entry->d_name, name.text, name.length);
    return true;
}

s32 sys_getdents64(struct file *file, struct linux_dirent64 user *entries,
                   u32 size)
{
    struct entry_writer writer = {.size = min(size, ENTRIES_SIZE)};
    if (file->operations->read_directory == NULL)
        return -ENOTDIR;
    writer.buffer = heap_alloc(ENTRIES_SIZE);
    if (writer.buffer == NULL)
        return -ENOMEM;
    s32 result = file->operations->read_directory(file, emit_entry, &writer);
    if (result == 0 && writer.used == 0 && writer.full)
        result = -EINVAL; /* not even one fits */
    if (result == 0)
        result = user_copy_out(entries, writer.buffer, writer.used);
    heap_free(writer.buffer);
    return result < 0 ? result : (s32)writer.used;
}

/* ---- where the process stands -------------------------------------------- */

s32 sys_chdir(const struct path *path)
{
    return vfs_change_directory(context_current(), path);
}

s32 sys_chroot(const struct path *path)
{
    return vfs_change_root(context_current(), path);
}

s32 sys_getcwd(char user *buffer, size_t size)
{
    char *text = heap_alloc(PATH_LENGTH_MAX);
    if (text == NULL)
        return -ENOMEM;
    struct path current = fs_context_current(context_current());
    s32 length = path_name(context_current(), &current, text, PATH_LENGTH_MAX);
    path_put(&current);
    if (length >= 0 && (u32)length + 1 > size)
        length = -ERANGE;
    if (length >= 0 && user_copy_out(buffer, text, length + 1) < 0)
        length = -EFAULT;
    heap_free(text);
    return length < 0 ? length : length + 1;
}

s32 sys_umask(u32 mask)
{
    struct fs_context *context = context_current();
    spin_lock(&context->lock);
    u32 old = context->umask;
    context->umask = mask & 0777;
    spin_unlock(&context->lock);
    return old;
}
