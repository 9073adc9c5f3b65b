/*
 * procfs: what the kernel knows, as files of text, made when they are read.
 *
 *   /proc/NAME        the whole system   (proc_system.c)
 *   /proc/PID/NAME    one process        (proc_process.c)
 *   /proc/PID/fd/N    its open files     (proc_links.c)
 *
 * Kernel threads are shown under numbers from NUMBER_MAX on, so that ps lists
 * them. Inodes are made for whoever looks and go with the last who holds
 * them; they name a process by its number only, so they keep nothing alive.
 */
#pragma once

#include "fs/text_file.h"

struct process;

/* A file of /proc or of /proc/PID. */
struct proc_entry {
    const char *name;
    u32 mode;                                    /* with its type */
    text_generator generate;                     /* regular files */
    int (*follow)(u32 pid, struct path *target); /* links to places */
    ssize (*read_link)(u32 pid, char *buffer,
                       size_t size);                     /* the other links */
    int (*open)(struct inode *inode, struct file *file); /* optional */
};

struct proc_inode {
    struct inode inode;
    const struct proc_entry *entry; /* NULL: a directory of a PID, or fd/N */
    u32 pid;                        /* 0: of the whole system */
    u32 fd;
};

static inline struct proc_inode *proc_inode_of(struct inode *inode)
{
    return container_of(inode, struct proc_inode, inode);
}

/* Registers the file system type "proc". */
void procfs_start(void);

/* proc_system.c and proc_process.c: tables, ended by an entry without name. */
extern const struct proc_entry proc_system_entries[];
extern const struct proc_entry proc_process_entries[];

/* proc_kernel.c: kernel threads as if they were processes. */
struct kernel_thread_facts {
    char name[16];
    char state;
    u64 kernel_ticks;
};
/* False when there is no such number. */
bool kernel_thread_find(u32 number, struct kernel_thread_facts *facts);
u32 kernel_thread_next(u32 number); /* the next number, 0 none */
