/*
 * What locks cost, as a file and at a key. CHECKED builds only.
 */
#pragma once

#include "fs/text_file.h"

int lock_stat_generate(struct text_buffer *text, struct inode *inode);
void proc_locks_start(void);
