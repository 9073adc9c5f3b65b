/*
 * The directories of procfs, and the inodes in them.
 *
 * A directory's entries stand in a table; behind them come the processes in
 * the root, the descriptors in PID/fd, the threads in PID/task. The offset of
 * an entry is its place in the table, or OFFSET_NUMBERS and its number: good
 * while they come and go.
 */
#include "proc/procfs.h"

#include "core/panic.h"
#include "fs/vfs.h"
#include "lib/format.h"
#include "lib/string.h"
#include "mem/heap.h"
#include "proc/proc_locks.h"
#include "proc/proc_waits.h"
#include "proc/process.h"
#include <asm/errno.h>
#include <linux/magic.h>
#include <linux/stat.h>

#define OFFSET_NUMBERS 256u
#define PLACE_TASK     0x800u /* places in the directory of a task */
#define NUMBER_LENGTH  12u

#define DIRECTORY_TYPE(mode) (((mode)&S_IFMT) >> 12) /* DT_* */

static struct file_system procfs;

static const struct inode_operations directory_operations, file_operations,
    place_operations, text_link_operations;

/* ---- inodes -------------------------------------------------------------- */

/* The same place has the same number each time it is looked up. */
static u32 inode_number(u32 pid, u32 tid, u32 place)
{
    return tid != 0 ? (tid + 1) << 12 | PLACE_TASK | place
                    : (pid + 1) << 12 | (place & 0xfff);
}

static void proc_release(struct inode *inode)
{
    heap_free(proc_inode_of(inode));
}

/* Who owns a process's files: its effective user; root when it is gone. */
static void owner_set(struct inode *inode, u32 pid)
{
    inode->uid = 0;
    inode->gid = 0;
    if (pid == 0)
        return;
    spin_lock(&process_table_lock);
    const struct process *process = process_find(pid);
    if (process) {
        inode->uid = process->credentials.uid.effective;
        inode->gid = process->credentials.gid.effective;
    }
    spin_unlock(&process_table_lock);
}

static int inode_make(struct inode *directory,
                      const struct inode_operations *operations, u32 mode,
                      u32 pid, u32 place, struct inode **made)
{
    struct proc_inode *node = heap_alloc_zeroed(sizeof(*node));

    if (!node)
        return -ENOMEM;
    inode_initialize(&node->inode, &procfs, operations, mode);
    node->pid = pid;
    node->tid = proc_inode_of(directory)->tid;
    node->inode.number = inode_number(pid, node->tid, place);
    owner_set(&node->inode, pid);
    inode_get(directory);
    node->inode.parent = directory;
    *made = &node->inode;
    return 0;
}

static const struct inode_operations *
operations_of(const struct proc_entry *entry)
{
    if (entry->numbers)
        return &directory_operations;
    return entry->follow      ? &place_operations
           : entry->read_link ? &text_link_operations
                              : &file_operations;
}

static u32 mode_of(const struct proc_entry *entry)
{
    return entry->mode ? entry->mode : S_IFREG | 0444;
}

/* ---- tables -------------------------------------------------------------- */

static bool name_is(struct name name, const char *text)
{
    return strlen(text) == name.length &&
           memcmp(text, name.text, name.length) == 0;
}

static int table_lookup(struct inode *directory,
                        const struct proc_entry *entries, struct name name,
                        struct inode **found)
{
    u32 pid = proc_inode_of(directory)->pid;

    for (u32 i = 0; entries[i].name; i++) {
        const struct proc_entry *entry = &entries[i];
        if (!name_is(name, entry->name))
            continue;
        int result = inode_make(directory, operations_of(entry), mode_of(entry),
                                pid, i + 1, found);
        if (result == 0)
            proc_inode_of(*found)->entry = entry;
        return result;
    }
    return -ENOENT;
}

/* A directory that is being read. */
struct reading {
    u64 offset;
    directory_emit emit;
    void *context;
};

/* Offers the entry at `place`; false when emit has had enough. */
static bool offer(struct reading *reading, u32 place, const char *name,
                  u32 number, u32 mode)
{
    if (reading->offset > place)
        return true;
    if (!reading->emit(reading->context, (struct name){name, strlen(name)},
                       number, DIRECTORY_TYPE(mode), place + 1))
        return false;
    reading->offset = place + 1;
    return true;
}

static bool offer_table(struct reading *reading, struct inode *directory,
                        const struct proc_entry *entries)
{
    const struct proc_inode *node = proc_inode_of(directory);
    struct inode *parent = directory->parent ? directory->parent : directory;
    bool more = offer(reading, 0, ".", directory->number, S_IFDIR) &&
                offer(reading, 1, "..", parent->number, S_IFDIR);

    for (u32 i = 0; more && entries[i].name; i++)
        more = offer(reading, i + 2, entries[i].name,
                     inode_number(node->pid, node->tid, i + 1),
                     mode_of(&entries[i]));
    return more;
}

static bool offer_number(struct reading *reading, u32 number, u32 inode,
                         u32 mode)
{
    char name[NUMBER_LENGTH];

    format_text(name, sizeof(name), "%u", number);
    return offer(reading, OFFSET_NUMBERS + number, name, inode, mode);
}

/* The number that a name spells (no leading zeroes), or false. */
static bool number_of(struct name name, u32 *number)
{
    char text[NUMBER_LENGTH] = "";

    if (name.length >= sizeof(text))
        return false;
    memcpy(text, name.text, name.length);
    return (*text != '0' || name.length == 1) && string_to_u32(text, number);
}

/* ---- directories --------------------------------------------------------- */

/* What stands in a directory by name, and by number (or NULL). */
static const struct proc_entry *entries_of(const struct proc_inode *directory)
{
    static const struct proc_entry none = {.name = NULL};

    if (directory->entry)
        return &none;
    return directory->tid != 0   ? proc_task_entries
           : directory->pid != 0 ? proc_process_entries
                                 : proc_system_entries;
}

static const struct proc_numbers *numbers_of(const struct proc_inode *directory)
{
    if (directory->entry)
        return directory->entry->numbers;
    return directory->pid == 0 ? &proc_processes : NULL;
}

/* The inode of a numbered entry. */
static u32 number_inode(const struct proc_numbers *numbers, u32 pid, u32 number)
{
    return numbers == &proc_processes ? inode_number(number, 0, 0)
           : numbers == &proc_tasks
               ? inode_number(pid, number, 0)
               : inode_number(pid, 0, OFFSET_NUMBERS + number);
}

static int number_lookup(struct inode *directory,
                         const struct proc_numbers *numbers, u32 number,
                         struct inode **found)
{
    u32 pid = proc_inode_of(directory)->pid;
    int next = numbers->next(pid, number);

    if (next < 0 || (u32)next != number)
        return next < 0 ? next : -ENOENT;
    if (numbers == &proc_processes)
        pid = number;
    int result = inode_make(directory, numbers->operations, numbers->mode, pid,
                            0, found);
    if (result < 0)
        return result;
    struct proc_inode *node = proc_inode_of(*found);
    if (numbers == &proc_tasks)
        node->tid = number;
    if (numbers == &proc_fds)
        node->fd = number;
    node->inode.number = number_inode(numbers, pid, number);
    return 0;
}

static int directory_lookup(struct inode *directory, struct name name,
                            struct inode **found)
{
    const struct proc_inode *node = proc_inode_of(directory);
    const struct proc_numbers *numbers = numbers_of(node);
    u32 number;

    if (numbers && number_of(name, &number))
        return number_lookup(directory, numbers, number, found);
    return table_lookup(directory, entries_of(node), name, found);
}

static int directory_read(struct inode *directory, u64 offset,
                          directory_emit emit, void *context)
{
    struct reading reading = {offset, emit, context};
    const struct proc_inode *node = proc_inode_of(directory);
    const struct proc_numbers *numbers = numbers_of(node);
    u32 pid = node->pid;
    int number = numbers ? numbers->next(pid, 0) : -ENOENT;

    if (number == -EACCES)
        return number;
    if (pid != 0 && proc_process_from(0, pid) != (int)pid)
        return -ENOENT;
    bool more = offer_table(&reading, directory, entries_of(node));
    if (numbers && reading.offset > OFFSET_NUMBERS)
        number = numbers->next(pid, (u32)reading.offset - OFFSET_NUMBERS);
    while (more && number >= 0) {
        more = offer_number(&reading, (u32)number,
                            number_inode(numbers, pid, (u32)number),
                            numbers->mode);
        number = numbers->next(pid, (u32)number + 1);
    }
    return 0;
}

/* ---- links --------------------------------------------------------------- */

static int fd_follow(struct inode *link, struct path *target)
{
    struct file *file;
    int result = proc_file_find(proc_inode_of(link)->pid,
                                proc_inode_of(link)->fd, &file);

    if (result < 0)
        return result;
    *target = file->path;
    if (target->inode)
        path_get(target);
    else
        result = -ENXIO;
    file_put(file);
    return result;
}

static int place_follow(struct inode *link, struct path *target)
{
    const struct proc_inode *node = proc_inode_of(link);
    struct process *process;
    int result = proc_process_get(node->pid, true, &process);

    if (result < 0)
        return result == -ESRCH ? -ENOENT : result;
    result = node->entry->follow(process, target);
    process_put(process);
    return result;
}

/* The name of the place that any link of ours leads to, cut at `size`. */
static ssize place_read_link(struct inode *link, char *buffer, size_t size)
{
    char *text = heap_alloc(PATH_LENGTH_MAX);
    struct path target;

    if (!text)
        return -ENOMEM;
    ssize result = link->operations->follow(link, &target);
    if (result == 0) {
        path_describe(&target, text, PATH_LENGTH_MAX);
        path_put(&target);
        result = (ssize)min(strlen(text), size);
        memcpy(buffer, text, (size_t)result);
    }
    heap_free(text);
    return result;
}

static ssize text_read_link(struct inode *link, char *buffer, size_t size)
{
    return proc_inode_of(link)->entry->read_link(buffer, size);
}

/* ---- files --------------------------------------------------------------- */

static int file_open(struct inode *inode, struct file *file)
{
    const struct proc_entry *entry = proc_inode_of(inode)->entry;
    return text_file_open(file, proc_generate, entry->write);
}

/* The name of `child` in any directory of ours, for getcwd. */
static int name_of(struct inode *directory, struct inode *child, char *buffer,
                   size_t size)
{
    const struct proc_inode *node = proc_inode_of(child);

    if (node->entry)
        return (int)string_copy(buffer, node->entry->name, size);
    return format_text(buffer, size, "%u", node->tid ? node->tid : node->pid);
}

static const struct inode_operations directory_operations = {
    .lookup = directory_lookup,
    .read_directory = directory_read,
    .name_of = name_of,
    .release = proc_release,
};

static const struct inode_operations fd_operations = {
    .follow = fd_follow,
    .read_link = place_read_link,
    .release = proc_release,
};

const struct proc_numbers proc_processes = {
    proc_process_from, &directory_operations, S_IFDIR | 0555};
const struct proc_numbers proc_tasks = {proc_task_from, &directory_operations,
                                        S_IFDIR | 0555};
const struct proc_numbers proc_fds = {proc_fd_from, &fd_operations,
                                      S_IFLNK | 0700};

static const struct inode_operations place_operations = {
    .follow = place_follow,
    .read_link = place_read_link,
    .release = proc_release,
};

static const struct inode_operations text_link_operations = {
    .read_link = text_read_link,
    .release = proc_release,
};

static const struct inode_operations file_operations = {
    .open = file_open,
    .release = proc_release,
};

/* ---- the file system: one for every mount -------------------------------- */

static struct proc_inode root;

static void procfs_release(struct file_system *system)
{
    panic("procfs: given back more often than taken");
}

static int procfs_get(struct file_system **system)
{
    atomic_increment(&procfs.references);
    *system = &procfs;
    return 0;
}

static struct file_system_type procfs_type = {
    .name = "proc",
    .create = procfs_get,
};

void procfs_start(void)
{
    file_system_initialize(&procfs, "proc", PROC_SUPER_MAGIC, procfs_release);
    inode_initialize(&root.inode, &procfs, &directory_operations,
                     S_IFDIR | 0555);
    procfs.root = &root.inode;
    file_system_register(&procfs_type);
    debug_key_register(&waits_key);
    if (CHECKED)
        debug_key_register(&locks_key);
}
