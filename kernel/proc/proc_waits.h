/*
 * Who waits for whom, as a file and at a key: /proc/waits, and `w`.
 *
 *   12 cook waits for a mutex of 13 waiter
 *   13 waiter waits for a mutex of 14 guest
 *   deadlock: 14 guest -> 12 cook -> 13 waiter -> 14 guest
 *
 * Mutexes of the kernel are shown and those of user code whose owner the
 * kernel knows (PTHREAD_PRIO_INHERIT). A wait that would close a circle is
 * refused, so the last line, which tells of the newest such, lacks an edge
 * above. Kernel threads have the number 0.
 */
#pragma once

#include "core/debug_key.h"
#include "fs/text_file.h"

struct task;

/* Whether the current task would wait for itself if it waited for `owner`.
 * Then /proc/waits and the log tell of it. Spinlocks of rank FUTEX and above
 * may be held. */
bool waits_would_deadlock(struct task *owner);

void waits_tell(struct text_buffer *text);
extern struct debug_key waits_key;
