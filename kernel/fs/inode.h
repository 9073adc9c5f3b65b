/*
 * Inodes: files, directories, links and devices as a file system knows them,
 * without a name. Every file system implements the operations it has; a NULL
 * operation is an error of the caller's kind (-EPERM, -EINVAL...) which the
 * callers in fs/ supply.
 *
 * All names of one file system stand under one mutex, file_system->names, so
 * that lookup, unlink and rename need no order of locks among directories.
 * The bytes and attributes of an inode stand under its own.
 */
#pragma once

#include "lib/list.h"
#include "sched/mutex.h"
#include "vm/memory_object.h"

struct file;
struct inode;
struct mount;
struct path;
struct pipe;

/* A name inside a directory; not NUL-terminated. */
struct name {
    const char *text;
    u32 length;
};

/* "." or "..". */
static inline bool name_is_dots(struct name name)
{
    return name.text[0] == '.' &&
           (name.length == 1 || (name.length == 2 && name.text[1] == '.'));
}

#define NAME_LENGTH_MAX 255
#define PATH_LENGTH_MAX 4096
#define LINK_DEPTH_MAX  40
#define FILE_SIZE_MAX   0x7fffffffu

/* One entry while a directory is read. Returns false when there is no room
 * for it (the entry will be offered again). */
typedef bool (*directory_emit)(void *context, struct name name, u64 inode,
                               u8 type, u64 next_offset);

/* Inodes that come back carry a reference for the caller. */
struct inode_operations {
    /* Names: the mutex `names` of the file system is held. They keep `links`
     * and `parent` true; the caller has checked types and permission, and
     * (but for lookup, remove and rename) that the name is free. */
    int (*lookup)(struct inode *directory, struct name name,
                  struct inode **found);
    int (*create)(struct inode *directory, struct name name, u32 mode,
                  u32 device, struct inode **created);
    int (*symlink)(struct inode *directory, struct name name,
                   const char *target);
    int (*link)(struct inode *directory, struct name name, struct inode *inode);
    /* A directory too: then -ENOTEMPTY is the operation's to find. */
    int (*remove)(struct inode *directory, struct name name,
                  struct inode *inode);
    /* `replaced` may be NULL; the caller knows that `to` does not lie inside
     * `inode`, and that types fit; -ENOTEMPTY as above. */
    int (*rename)(struct inode *from, struct name old_name, struct inode *inode,
                  struct inode *to, struct name new_name,
                  struct inode *replaced);
    /* Offers every entry from `offset` on, "." and ".." too, until emit says
     * no. Offsets stay good while entries come and go, and fit in 31 bits. */
    int (*read_directory)(struct inode *directory, u64 offset,
                          directory_emit emit, void *context);
    /* The name of `child` in `directory`, not terminated: its length, or
     * -ENOENT once it has been removed. `size` >= NAME_LENGTH_MAX. */
    int (*name_of)(struct inode *directory, struct inode *child, char *buffer,
                   size_t size);

    /* No lock is held from here on. */
    /* Writes the target, not terminated; its length, at most `size`. */
    ssize (*read_link)(struct inode *link, char *buffer, size_t size);
    /* A link to a place rather than to a text (/proc/PID/fd/N): the place
     * with references. Tried before read_link when a link is followed. */
    int (*follow)(struct inode *link, struct path *target);
    /* Gives the file its operations and data, once per open. NULL: what the
     * type of the inode calls for (fs/open.c). */
    int (*open)(struct inode *inode, struct file *file);
    /* The last reference is gone; frees it. `parent` is put by the caller. */
    void (*release)(struct inode *inode);
};

struct inode {
    volatile u32 references; /* atomic */
    const struct inode_operations *operations;
    struct file_system *file_system;
    u32 number;
    u32 mode;             /* S_IFMT and permissions */
    u32 device;           /* of a device node, DEVICE_NUMBER */
    volatile u32 mounts;  /* mounts that hide it; under the mount lock */
    u32 links;            /* under `names` of the file system */
    struct inode *parent; /* the directory that names it (the last one that
                             did), counted; a root has none; under `names` */
    struct mutex lock;    /* rank INODE, protects writing of what follows */
    u32 uid, gid;
    u64 accessed, modified, changed; /* clock_real_nanoseconds */
    u32 size; /* where there is no object (directories, links, devices) */
    struct memory_object *object; /* the bytes of a regular file, or NULL */
    s32 writers;                  /* files open for writing; or, below 0, files
                                     that run it: never both */
    struct pipe *pipe;            /* of a FIFO while somebody has it open */
};

/* One mounted instance's file system. */
struct file_system {
    const char *type;   /* "tmpfs" */
    u32 device;         /* st_dev */
    u32 magic;          /* statfs's f_type */
    struct inode *root; /* NULL: nothing of it has a name (pipes) */
    struct mutex names; /* rank NAMES: all its directories */
    volatile u32 next_inode;
    volatile u32 references;
    void (*release)(struct file_system *system);
};

/* With one reference, a device number of its own, and no root yet. */
void file_system_initialize(struct file_system *system, const char *type,
                            u32 magic,
                            void (*release)(struct file_system *system));
void file_system_put(struct file_system *system);

/* One reference, one link (two for a directory), owned by who asks, dated
 * now, with the next number of the file system. */

void inode_initialize(struct inode *inode, struct file_system *system,
                      const struct inode_operations *operations, u32 mode);
static inline void inode_get(struct inode *inode)
{
    __atomic_fetch_add(&inode->references, 1, __ATOMIC_RELAXED);
}
/* The slow half of inode_put: nobody holds it any more. */
void inode_release(struct inode *inode);
static inline void inode_put(struct inode *inode)
{
    if (atomic_decrement(&inode->references))
        inode_release(inode);
}

/* Bytes: the object's size or inode->size. */
static inline u32 inode_size(const struct inode *inode)
{
    return inode->object != NULL ? inode->object->size : inode->size;
}
/* Sets modified and changed to now, and drops privilege; only changed. */
void inode_touch_modified(struct inode *inode);
void inode_touch_changed(struct inode *inode);
/* Nobody inherits what a changed or given away file could do. Lock held. */
void inode_drop_privilege(struct inode *inode);
/* Sets the size of a regular file. 0, or -ETXTBSY while it runs. */
int inode_resize(struct inode *inode, u32 size);
