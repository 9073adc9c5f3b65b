/*
 * What the file calls share: the current process's files, and the pair of
 * directory descriptor and path that names a place in nearly all of them.
 */
#pragma once

#include "fs/vfs.h"
#include "proc/process.h"
#include "syscall/table.h"

static inline struct fd_table *files_current(void)
{
    return current_process()->files;
}

static inline struct fs_context *context_current(void)
{
    return current_process()->context;
}

/* The open file with a reference, or NULL. */
static inline struct file *file_of(int fd)
{
    return fd_get(current_process()->files, fd);
}

/* No descriptor may reach this number (RLIMIT_NOFILE). */
static inline u32 fd_limit(void)
{
    u64 limit = current_process()->limits[RLIMIT_NOFILE].rlim_cur;
    return limit < FD_LIMIT_MAX ? (u32)limit : FD_LIMIT_MAX;
}

#define PATH_SHORT 192

/* A path in kernel memory, and where it starts if it is relative. Short ones,
 * nearly all, need no allocation. */
struct place {
    char *text;
    struct file *file;     /* keeps `at` alive */
    const struct path *at; /* NULL: the current directory */
    char small[PATH_SHORT];
};

/* 0, -EFAULT, -ENAMETOOLONG, -ENOMEM, -EBADF (only for a relative path). It
 * may be freed after each, and must be. */
int place_read(struct place *place, int directory, const char user *path);
void place_free(struct place *place);

/* Finds it as AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH in `flags` say. */
int place_find(const struct place *place, u32 flags, struct path *found);

/* In `known`: without a path (NULL) it is the descriptor's own file. */
#define AT_NULL_PATH 0x80000000u

/* Reads and finds in one step; the result has references, or is empty. Flags
 * that are not `known` are -EINVAL. */
int path_find_user(int directory, const char user *path, u32 flags, u32 known,
                   struct path *found);
