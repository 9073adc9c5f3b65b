/*
 * What one can do with names: each function is the whole of a system call's
 * work on kernel copies of its strings. `at` is where relative paths begin
 * (NULL: the current directory). All return 0 or -errno unless said; all may
 * sleep; permission is checked here.
 */
#pragma once

#include "fs/fs_context.h"

struct statx;

/* O_* flags and mode as open(2). The file in *file, with one reference. */
int vfs_open(struct fs_context *context, const struct path *at,
             const char *text, u32 flags, u32 mode, struct file **file);
int vfs_make_node(struct fs_context *context, const struct path *at,
                  const char *text, u32 mode, u32 device);
int vfs_make_directory(struct fs_context *context, const struct path *at,
                       const char *text, u32 mode);
int vfs_remove_directory(struct fs_context *context, const struct path *at,
                         const char *text);
int vfs_unlink(struct fs_context *context, const struct path *at,
               const char *text);
int vfs_rename(struct fs_context *context, const struct path *old_at,
               const char *old_text, const struct path *new_at,
               const char *new_text, u32 flags);
int vfs_link(struct fs_context *context, const struct path *old,
             const struct path *at, const char *text);
int vfs_symlink(struct fs_context *context, const char *target,
                const struct path *at, const char *text);
ssize vfs_read_link(struct fs_context *context, const struct path *at,
                    const char *text, char *buffer, size_t size);
int vfs_truncate(struct fs_context *context, const struct path *at,
                 const char *text, u64 size);
int vfs_truncate_file(struct file *file, u64 size);
/* fallocate: all pages of the range are there, or -ENOSPC. size > 0. */
int vfs_allocate(struct file *file, u64 offset, u64 size);
int vfs_change_mode(const struct path *path, u32 mode);
int vfs_change_owner(const struct path *path, u32 uid, u32 gid);
/* Nanoseconds since 1970; VFS_TIME_OMIT leaves one alone; VFS_TIME_NOW for
 * both is allowed to whoever may write. */
#define VFS_TIME_OMIT (~0ull)
#define VFS_TIME_NOW  (~1ull)
int vfs_set_times(const struct path *path, u64 accessed, u64 modified);
/* access(2); `real`: for the real user, not the effective one. */
int vfs_access(const struct path *path, u32 want, bool real);
int vfs_change_directory(struct fs_context *context, const struct path *to);
int vfs_change_root(struct fs_context *context, const struct path *to);

/* What stat tells, once for all of its forms. */
struct file_status {
    u32 device, inode, mode, links, uid, gid, special_device;
    u64 size, blocks;
    u64 accessed, modified, changed; /* nanoseconds since 1970 */
};
void vfs_status(const struct inode *inode, struct file_status *status);

/* File systems by name, for mount(2). create makes a fresh one with one
 * reference, or returns -errno. */
struct file_system_type {
    const char *name;
    int (*create)(struct file_system **system);
    struct file_system_type *next;
};
void file_system_register(struct file_system_type *type);
int file_system_create(const char *name, struct file_system **system);
/* For /proc/filesystems. */
void file_system_type_for_each(void (*visit)(const char *name, void *context),
                               void *context);
