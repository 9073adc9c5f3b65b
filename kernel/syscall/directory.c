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

s32 sys_mkdirat(int directory, const char user *path, u32 mode)
{
    struct place place;
    int error = place_read(&place, directory, path);
    if (error < 0)
        return error;
    error =
        vfs_make_directory(context_current(), place.at, place.path.text, mode);
    place_free(&place);
    return error;
}

s32 sys_mknodat(int directory, const char user *path, u32 mode, u32 device)
{
    struct place place;
    int error = place_read(&place, directory, path);
    if (error < 0)
        return error;
    error = vfs_make_node(context_current(), place.at, place.path.text, mode,
                          device);
    place_free(&place);
    return error;
}

s32 sys_unlinkat(int directory, const char user *path, u32 flags)
{
    struct place place;
    if (flags & ~AT_REMOVEDIR)
        return -EINVAL;
    int error = place_read(&place, directory, path);
    if (error < 0)
        return error;
    error =
        flags & AT_REMOVEDIR
            ? vfs_remove_directory(context_current(), place.at, place.path.text)
            : vfs_unlink(context_current(), place.at, place.path.text);
    place_free(&place);
    return error;
}

s32 sys_renameat2(int old_directory, const char user *old_path,
                  int new_directory, const char user *new_path, u32 flags)
{
    struct place old, new;
    int error = place_read(&old, old_directory, old_path);
    if (error < 0)
        return error;
    error = place_read(&new, new_directory, new_path);
    if (error == 0) {
        error = vfs_rename(context_current(), old.at, old.path.text, new.at,
                           new.path.text, flags);
        place_free(&new);
    }
    place_free(&old);
    return error;
}

s32 sys_linkat(int old_directory, const char user *old_path, int new_directory,
               const char user *new_path, u32 flags)
{
    struct place place;
    struct path old;
    if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    u32 find = flags & AT_EMPTY_PATH;
    if (!(flags & AT_SYMLINK_FOLLOW))
        find |= AT_SYMLINK_NOFOLLOW;
    int error = path_find_user(old_directory, old_path, find, &old);
    if (error < 0)
        return error;
    error = place_read(&place, new_directory, new_path);
    if (error == 0) {
        error = vfs_link(context_current(), &old, place.at, place.path.text);
        place_free(&place);
    }
    path_put(&old);
    return error;
}

s32 sys_symlinkat(const char user *target, int directory, const char user *path)
{
    struct path_text text;
    struct place place;
    int error = path_text_read(&text, target);
    if (error < 0)
        return error;
    error = place_read(&place, directory, path);
    if (error == 0) {
        error = vfs_symlink(context_current(), text.text, place.at,
                            place.path.text);
        place_free(&place);
    }
    path_text_free(&text);
    return error;
}

static s32 read_link(const struct place *place, char user *buffer, u32 size)
{
    char *target = heap_alloc(size);
    if (target == NULL)
        return -ENOMEM;
    ssize length = vfs_read_link(context_current(), place->at, place->path.text,
                                 target, size);
    if (length > 0 && user_copy_out(buffer, target, length) < 0)
        length = -EFAULT;
    heap_free(target);
    return length;
}

s32 sys_readlinkat(int directory, const char user *path, char user *buffer,
                   int size)
{
    struct place place;
    if (size <= 0)
        return -EINVAL;
    int error = place_read(&place, directory, path);
    if (error < 0)
        return error;
    error = read_link(&place, buffer, min(size, (int)PATH_LENGTH_MAX));
    place_free(&place);
    return error;
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

static s32 read_entries(struct file *file, void user *entries, u32 size)
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

s32 sys_getdents64(int fd, struct linux_dirent64 user *entries, u32 size)
{
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    s32 result = read_entries(file, entries, size);
    file_put(file);
    return result;
}

/* ---- where the process stands -------------------------------------------- */

typedef int (*context_move)(struct fs_context *context, const struct path *to);

static s32 move_to(const char user *path, context_move move)
{
    struct path to;
    int error = path_find_user(AT_FDCWD, path, 0, &to);
    if (error < 0)
        return error;
    error = move(context_current(), &to);
    path_put(&to);
    return error;
}

s32 sys_chdir(const char user *path)
{
    return move_to(path, vfs_change_directory);
}

s32 sys_chroot(const char user *path)
{
    return move_to(path, vfs_change_root);
}

s32 sys_fchdir(int fd)
{
    struct file *file = file_of(fd);
    if (file == NULL)
        return -EBADF;
    s32 result = vfs_change_directory(context_current(), &file->path);
    file_put(file);
    return result;
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
