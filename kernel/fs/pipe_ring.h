/*
 * The inside of a pipe: what its ring (fs/pipe_ring.c) and its life
 * (fs/pipe.c) share.
 */
#pragma once

#include "fs/pipe.h"

#define PIPE_PAGES     (PIPE_CAPACITY / PAGE_SIZE)
#define NO_ROOM_WANTED UINT32_MAX

struct pipe {
    u32 references;       /* files that have it open; under inode->lock */
    struct spinlock lock; /* rank PIPE, protects all below */
    u32 read_at, write_at;
    bool reading, writing; /* somebody copies without the lock */
    u32 room_wanted;       /* the least that a sleeping writer needs */
    u32 reader_count, writer_count;
    u32 reader_opens, writer_opens; /* ever: who opens a FIFO waits for one */
    struct wait_queue readers;
    struct wait_queue writers;
    /* Made by the writer as it goes; belongs to whoever copies there. */
    u8 *pages[PIPE_PAGES];
};

static inline u32 pipe_used(const struct pipe *pipe)
{
    return pipe->write_at - pipe->read_at;
}

static inline u32 pipe_room(const struct pipe *pipe)
{
    return PIPE_CAPACITY - pipe_used(pipe);
}

static inline void wake(struct wait_queue *queue)
{
    if (!list_is_empty(&queue->waiters))
        wait_queue_wake_all(queue);
}

/* There are bytes: one reader is woken. If it leaves some behind, it wakes the
 * next; so a thousand who wait are not all woken for one's worth. Lock held. */
static inline void wake_reader(struct pipe *pipe)
{
    if (!list_is_empty(&pipe->readers.waiters))
        wait_queue_wake_one(&pipe->readers);
}

static inline void wake_writers(struct pipe *pipe)
{
    pipe->room_wanted = NO_ROOM_WANTED;
    wake(&pipe->writers);
}

/* Operations of a pipe's files. */
ssize pipe_read(struct file *file, struct io_cursor *to, u64 *offset);
ssize pipe_write(struct file *file, struct io_cursor *from, u64 *offset);
u32 pipe_poll(struct file *file, struct poll_table *table);
int pipe_ioctl(struct file *file, u32 request, u32 argument);
