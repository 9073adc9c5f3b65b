/*
 * What a process carries to use files: root, current directory, umask
 * (fs_context), and the table of file descriptors (fd_table).
 * Both are counted, since clone may share them.
 */
#pragma once

#include "fs/file.h"
#include "lib/bitmap.h"

struct fs_context {
    volatile u32 references; /* atomic */
    struct spinlock lock;    /* rank FS_CONTEXT, protects all below */
    struct path root;
    struct path current;
    u32 umask;
};

struct fs_context *fs_context_create(const struct path *root);
struct fs_context *fs_context_copy(struct fs_context *context);
void fs_context_get(struct fs_context *context);
void fs_context_put(struct fs_context *context);
/* References to the current directory and root. The context is the current
 * process's, or the caller has a reference of its own to it. */
struct path fs_context_current(struct fs_context *context);
struct path fs_context_root(struct fs_context *context);

#define FD_LIMIT_DEFAULT 1024u
#define FD_LIMIT_MAX     65536u

#define FD_INLINE 32u

/* While `references` is 1, only the current process changes the table, so
 * that it reads without the lock; others read under the lock. A number whose
 * bit in `used` is set without a file is reserved. */
struct fd_table {
    volatile u32 references; /* atomic */
    struct spinlock lock;    /* rank FD_TABLE, protects changing all below */
    u32 capacity;            /* grows by doubling, from FD_INLINE */
    u32 full_below;          /* all numbers below are taken */
    struct file **files;     /* capacity entries */
    u32 *used;               /* bitmap */
    u32 *close_on_exec;      /* bitmap */
    /* The first of each, in the order of a block from the heap. */
    void *inline_arrays[FD_INLINE + 2 * BITMAP_WORDS(FD_INLINE)];
};

struct fd_table *fd_table_create(void);
/* fork: the same files; NULL when out of memory. */
struct fd_table *fd_table_copy(struct fd_table *table);
void fd_table_get(struct fd_table *table);
void fd_table_put(struct fd_table *table); /* the last put closes all */
void fd_table_close_on_exec(struct fd_table *table);

/* The slow half of fd_get: a table that others may change meanwhile. */
struct file *fd_get_shared(struct fd_table *table, u32 fd);

/* The file with a reference, or NULL. The table is the current process's;
 * for another's use fd_get_shared. */
static inline struct file *fd_get(struct fd_table *table, int fd)
{
    if (unlikely(atomic_load(&table->references) != 1))
        return fd_get_shared(table, fd);
    if (unlikely((u32)fd >= table->capacity))
        return NULL;
    struct file *file = table->files[fd];
    if (likely(file != NULL))
        file_get(file);
    return file;
}

/* The file for the length of one call on the current process's table, if
 * nobody shares that: then nobody can close it meanwhile, so it is not even
 * counted, and file->references == 1 says that nobody else uses it. NULL: use
 * fd_get. */
static inline struct file *fd_borrow(struct fd_table *table, int fd)
{
    if (unlikely(atomic_load(&table->references) != 1 ||
                 (u32)fd >= table->capacity))
        return NULL;
    return table->files[fd];
}

/* The first open number >= from, or -1: for /proc/PID/fd. */
int fd_next(struct fd_table *table, u32 from);

/* Two steps so that nothing can fail after the file exists: reserve a number
 * >= from and < limit (-EMFILE, -ENOMEM), then install (takes over the
 * reference) or cancel. */
int fd_reserve(struct fd_table *table, u32 from, u32 limit);
void fd_install(struct fd_table *table, int fd, struct file *file,
                bool close_on_exec);
void fd_cancel(struct fd_table *table, int fd);

int fd_close(struct fd_table *table, int fd); /* 0 or -EBADF */
/* dup2/dup3: fd `to` becomes the file of `from`. `to`, -EBADF, -EBUSY for a
 * number that is being opened at this moment, -ENOMEM. */
int fd_duplicate_to(struct fd_table *table, int from, int to, u32 limit,
                    bool close_on_exec);
int fd_get_close_on_exec(struct fd_table *table, int fd);
int fd_set_close_on_exec(struct fd_table *table, int fd, bool on);
