/*
 * What locks cost, as a file and at a key. CHECKED builds only.
 */
#pragma once

#include "fs/text_file.h"

void lock_stat_tell(struct text_buffer *text);
void proc_locks_start(void);
