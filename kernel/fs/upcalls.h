/*
 * What fs tells and asks the floors above; each has one definition there.
 */
#pragma once

/* proc/: the current process has written into a pipe that nobody reads, maybe
 * after a part that somebody still could. No lock held. */
void on_broken_pipe(void);
