/*
 * Pipes: a ring of bytes between files. POSIX: writes up to PIPE_BUF are
 * atomic, a reader sees end of file when the last writer is gone, a writer
 * without reader gets -EPIPE (and the caller the signal).
 */
#pragma once

#include "fs/file.h"

#define PIPE_CAPACITY (16 * PAGE_SIZE)

/* 0 or -ENOMEM; both files have one reference. flags: O_NONBLOCK. */
int pipe_create(u32 flags, struct file **read_end, struct file **write_end);

/* Opens a FIFO (or, by /proc/PID/fd, a pipe again), waiting for the other
 * side as open(2) says. The file's path and flags are set. 0, -ENXIO, -EINTR,
 * -ENOMEM. */
int fifo_open(struct inode *inode, struct file *file);

void pipes_start(void);

/* Pipes alive: for the books. */
u32 pipe_count(void);
