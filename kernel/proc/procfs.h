/*
 * procfs: what the kernel knows, as files of text, made when they are read.
 *
 *   /proc/NAME        the whole system   (proc_system.c)
 *   /proc/PID/NAME    one process        (proc_process.c)
 *   /proc/PID/fd/N    its open files
 *   /proc/PID/task/TID/NAME              one of its threads
 *
 * Kernel threads are shown under numbers from NUMBER_MAX on, so that ps lists
 * them. Inodes are made for whoever looks and go with the last who holds
 * them; they name a process by its number only, so they keep nothing alive.
 */
#pragma once

#include "fs/text_file.h"

struct address_space;
struct process;
struct process_facts;

/* A directory with numbers for entries: which come, and what they are. */
struct proc_numbers {
    int (*next)(u32 pid, u32 from); /* >= from, or -errno */
    const struct inode_operations *operations;
    u32 mode;
};
extern const struct proc_numbers proc_processes, proc_fds, proc_tasks;

/* A file of /proc or of /proc/PID. */
struct proc_entry {
    const char *name;
    u32 mode; /* with its type; 0: a file that all read */
    /* Regular files: of the system, of a process or task, of the memory of a
     * process, which may be another's. */
    void (*tell)(struct text_buffer *text);
    void (*tell_facts)(struct text_buffer *text,
                       const struct process_facts *facts);
    void (*tell_memory)(struct text_buffer *text, struct address_space *space);
    text_taker write;                                            /* optional */
    int (*follow)(struct process *process, struct path *target); /* links */
    ssize (*read_link)(char *buffer, size_t size); /* that lead to no place */
    const struct proc_numbers *numbers;            /* directories */
};

struct proc_inode {
    struct inode inode;
    const struct proc_entry *entry; /* NULL: a process, a task, or fd/N */
    u32 pid;                        /* 0: of the whole system */
    u32 tid;                        /* 0: of the whole process */
    u32 fd;
};

static inline struct proc_inode *proc_inode_of(struct inode *inode)
{
    return container_of(inode, struct proc_inode, inode);
}

/* What is mounted, the same for every process (proc_system.c). */
void proc_mounts_tell(struct text_buffer *text);

/* Registers the file system type "proc". */
void procfs_start(void);

/* proc_process.c. What the entry's file tells, for text_file_open. */
int proc_generate(struct text_buffer *text, struct inode *inode);
/* A process by its number, with a reference: -ESRCH; -EACCES when it is
 * `private` and the caller may not control it. */
int proc_process_get(u32 pid, bool private, struct process **process);

/* proc_system.c and proc_process.c: tables, ended by an entry without name. */
extern const struct proc_entry proc_system_entries[];
extern const struct proc_entry proc_process_entries[];
extern const struct proc_entry proc_task_entries[];

/* proc_numbers.c. The first descriptor >= `fd` of a process that the caller
 * may look into: -ENOENT, -EACCES. Takes no reference: the last one may not be
 * let go of while the names are locked. */
int proc_fd_from(u32 pid, u32 fd);
/* One open file, with a reference. */
int proc_file_find(u32 pid, u32 fd, struct file **file);
/* The lowest tid >= `from` of a process, or -ENOENT. */
int proc_task_from(u32 pid, u32 from);
/* The lowest pid, or number of a kernel thread, likewise. */
int proc_process_from(u32 unused, u32 from);

/* proc_kernel.c: kernel threads as if they were processes. Whether there is one
 * of this number; what it has is filled in, unless that is NULL. */
bool kernel_thread_find(u32 number, struct process_facts *facts);
