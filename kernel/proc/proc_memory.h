/*
 * The files of /proc/PID that show its memory, and fail-nth, by which a test
 * makes one of its allocations fail.
 */
#pragma once

#include "proc/procfs.h"

int proc_cmdline_generate(struct text_buffer *text, struct inode *inode);
int proc_environ_generate(struct text_buffer *text, struct inode *inode);
/* maps: as Linux shows the areas. */
int proc_maps_generate(struct text_buffer *text, struct inode *inode);
/* frames: `ADDRESS FRAME REFERENCES` for each page that is present. */
int proc_frames_generate(struct text_buffer *text, struct inode *inode);
int proc_fail_nth_generate(struct text_buffer *text, struct inode *inode);
int proc_fail_nth_write(struct inode *inode, const char *line);
