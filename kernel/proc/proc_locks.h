/*
 * What locks cost, as a file and at a key. CHECKED builds only.
 */
#pragma once

#include "core/debug_key.h"
#include "fs/text_file.h"

void lock_stat_tell(struct text_buffer *text);
extern struct debug_key locks_key;
