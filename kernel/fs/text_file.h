/*
 * Files whose text is made when they are read (procfs).
 *
 * A generator appends the whole text to a text_buffer. It runs at the first
 * read and again at each read from offset 0, so that a program that rewinds
 * sees fresh figures, and one that reads in pieces sees one consistent text.
 */
#pragma once

#include "fs/file.h"

struct text_buffer {
    char *text;
    u32 length;
    u32 capacity;
    bool failed; /* memory ran out: the read gives -ENOMEM */
};

/* Nothing to check after each call: a failure is remembered. May not be
 * called with a spinlock held longer than an allocation may take. */
void text_append(struct text_buffer *text, const char *format, ...)
    printf_like(2, 3);
void text_append_bytes(struct text_buffer *text, const void *bytes, u32 size);
/* Writes what `tell` appends to the kernel's log. */
void text_log(void (*tell)(struct text_buffer *text));

/* 0 or -errno, which the read then returns. No lock is held. */
typedef int (*text_generator)(struct text_buffer *text, struct inode *inode);

/* A line was written at once, of less than 16 bytes; here it is without its
 * end. 0 or -errno, which the write then returns. */
typedef int (*text_taker)(struct inode *inode, const char *line);

/* For inode_operations.open: sets the file's operations and data. `take` NULL:
 * nothing can be written. */
int text_file_open(struct file *file, text_generator generate, text_taker take);
