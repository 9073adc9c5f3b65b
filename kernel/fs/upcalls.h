/*
 * What fs tells and asks the floors above; each has one definition there.
 */
#pragma once

/* proc/: the current process has written into a pipe that nobody reads, maybe
 * after a part that somebody still could. No lock held. */
void on_broken_pipe(void);

/* proc/: it would have made a file longer than it may (RLIMIT_FSIZE). */
void on_file_too_large(void);
