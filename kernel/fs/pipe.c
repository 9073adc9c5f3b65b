/*
 * The life of pipes and FIFOs: opened, counted, closed.
 *
 * A pipe hangs on an inode while any file has it open: a FIFO's in some
 * directory, or one without a name that pipe(2) makes, which belongs to a file
 * system and a mount that nobody can reach. So every pipe can be opened again
 * by /proc/PID/fd. Its readers and writers are counted; the last of a side to
 * go wakes the other.
 */
#include "fs/pipe.h"

#include "fs/pipe_ring.h"
#include "mem/heap.h"
#include <asm/errno.h>
#include <linux/fcntl.h>
#include <linux/magic.h>
#include <linux/stat.h>

static volatile u32 pipes_alive;
static struct file_system pipe_system;
static struct mount pipe_mount = {
    .references = 1, .file_system = &pipe_system, .link = {NULL, NULL}};

static void pipe_free(struct pipe *pipe)
{
    for (u32 i = 0; i < PIPE_PAGES; i++)
        if (pipe->pages[i] != NULL)
            frame_put(frame_of(pipe->pages[i]));
    heap_free(pipe);
    atomic_decrement(&pipes_alive);
}

/* One file less has the inode's pipe open. */
static void pipe_put(struct inode *inode, struct pipe *pipe)
{
    mutex_lock(&inode->lock);
    bool last = --pipe->references == 0;
    if (last)
        inode->pipe = NULL;
    mutex_unlock(&inode->lock);
    if (last)
        pipe_free(pipe);
}

static struct pipe *pipe_alloc(void)
{
    struct pipe *pipe = heap_alloc_zeroed(sizeof(*pipe));
    if (pipe == NULL)
        return NULL;
    pipe->room_wanted = NO_ROOM_WANTED;
    spinlock_initialize(&pipe->lock, RANK_PIPE);
    wait_queue_initialize(&pipe->readers, &pipe->lock);
    wait_queue_initialize(&pipe->writers, &pipe->lock);
    atomic_increment(&pipes_alive);
    return pipe;
}

/* The inode's pipe, made if this is the first to open it; one reference. */
static struct pipe *pipe_get(struct inode *inode)
{
    mutex_lock(&inode->lock);
    if (inode->pipe == NULL)
        inode->pipe = pipe_alloc();
    if (inode->pipe != NULL)
        inode->pipe->references++;
    mutex_unlock(&inode->lock);
    return inode->pipe;
}

/* Counts the file in; the first of a side wakes the other. Lock held. */
static void pipe_join(struct pipe *pipe, struct file *file)
{
    if (file_is_readable(file)) {
        pipe->reader_opens++;
        if (pipe->reader_count++ == 0)
            wake_writers(pipe);
    }
    if (file_is_writable(file)) {
        pipe->writer_opens++;
        if (pipe->writer_count++ == 0)
            wake(&pipe->readers);
    }
    file->offset = file_is_writable(file) ? 0 : pipe->writer_opens;
}

/* The last of a side wakes the other, and only the last: of a thousand readers
 * each would wake all that are left. */
static void pipe_leave(struct pipe *pipe, const struct file *file)
{
    spin_lock(&pipe->lock);
    if (file_is_readable(file) && --pipe->reader_count == 0)
        wake_writers(pipe);
    if (file_is_writable(file) && --pipe->writer_count == 0)
        wake(&pipe->readers);
    spin_unlock(&pipe->lock);
}

static void pipe_release(struct file *file)
{
    struct pipe *pipe = file->data;
    pipe_leave(pipe, file);
    pipe_put(file->path.inode, pipe);
}

static const struct file_operations pipe_operations = {
    .stream = true,
    .read = pipe_read,
    .write = pipe_write,
    .poll = pipe_poll,
    .ioctl = pipe_ioctl,
    .release = pipe_release,
};

/* Waits until somebody has opened the other side since we came. Lock held. */
static int wait_for_other(struct pipe *pipe, const struct file *file)
{
    bool reads = file_is_readable(file);
    const u32 *count = reads ? &pipe->writer_count : &pipe->reader_count;
    const u32 *opens = reads ? &pipe->writer_opens : &pipe->reader_opens;
    struct wait_queue *queue = reads ? &pipe->readers : &pipe->writers;
    u32 before = *opens;
    int error = 0;
    if (reads && (file_is_writable(file) || (file->flags & O_NONBLOCK)))
        return 0;
    if (*count == 0 && (file->flags & O_NONBLOCK))
        return -ENXIO;
    while (error == 0 && *count == 0 && *opens == before)
        error = wait_queue_wait(queue, 0, INTERRUPTIBLE);
    return error;
}

/* Makes the file one of the inode's pipe. */
static int pipe_open(struct inode *inode, struct file *file, bool waits)
{
    struct pipe *pipe = pipe_get(inode);
    if (pipe == NULL)
        return -ENOMEM;
    file->operations = &pipe_operations;
    file->data = pipe;
    spin_lock(&pipe->lock);
    pipe_join(pipe, file);
    int error = 0;
    if (waits)
        error = wait_for_other(pipe, file);
    else
        file->offset = 0;
    spin_unlock(&pipe->lock);
    if (error < 0) {
        pipe_leave(pipe, file);
        pipe_put(inode, pipe);
    }
    return error;
}

/* Who opens a pipe by /proc/PID/fd finds it as it is: nobody else can come. */
int fifo_open(struct inode *inode, struct file *file)
{
    return pipe_open(inode, file, inode->file_system != &pipe_system);
}

static void pipe_inode_release(struct inode *inode)
{
    heap_free(inode);
}

static const struct inode_operations pipe_inode_operations = {
    .release = pipe_inode_release,
};

/* A file for one end, which takes a reference to the inode. */
static struct file *pipe_end(struct inode *inode, u32 flags)
{
    static const struct file_operations none;
    struct file *file = file_create(&none, flags);
    if (file == NULL)
        return NULL;
    file->path = (struct path){&pipe_mount, inode};
    path_get(&file->path);
    if (pipe_open(inode, file, false) == 0)
        return file;
    file_put(file);
    return NULL;
}

int pipe_create(u32 flags, struct file **read_end, struct file **write_end)
{
    int error = -ENOMEM;
    struct inode *inode = heap_alloc(sizeof(*inode));
    if (inode == NULL)
        return error;
    inode_initialize(inode, &pipe_system, &pipe_inode_operations,
                     S_IFIFO | 0600);
    *read_end = pipe_end(inode, O_RDONLY | flags);
    if (*read_end == NULL)
        goto done;
    *write_end = pipe_end(inode, O_WRONLY | flags);
    if (*write_end == NULL)
        file_put(*read_end);
    else
        error = 0;
done:
    inode_put(inode);
    return error;
}

u32 pipe_count(void)
{
    return atomic_load(&pipes_alive);
}

void pipes_start(void)
{
    file_system_initialize(&pipe_system, "pipe", PIPEFS_MAGIC, NULL);
    list_initialize(&pipe_mount.link);
}
