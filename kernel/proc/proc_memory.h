/*
 * The files of /proc/PID that show its memory, and fail-nth, by which a test
 * makes one of its allocations fail.
 */
#pragma once

#include "proc/procfs.h"

void proc_cmdline_tell(struct text_buffer *text, struct address_space *space);
void proc_environ_tell(struct text_buffer *text, struct address_space *space);
/* maps: as Linux shows the areas. */
void proc_maps_tell(struct text_buffer *text, struct address_space *space);
/* frames: `ADDRESS FRAME REFERENCES` for each page that is present. */
void proc_frames_tell(struct text_buffer *text, struct address_space *space);
int proc_fail_nth_write(struct inode *inode, const char *line);
