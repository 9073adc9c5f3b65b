/*
 * What vm asks of the floors above; each has one definition there.
 */
#pragma once

#include "lib/types.h"

/* proc/: frames are out and a fault needs one. Ends (marks) the process with
 * the most resident frames, never init, and says so in the log. Returns true
 * after a tick, in which whoever ends may have run, however urgent the caller
 * is: the fault may be tried again. False when the current process itself is
 * to end, or nobody can (the fault returns -ENOMEM). No spinlock held. */
bool on_out_of_memory(void);

/* proc/: one page fault was handled for the current process (accounting for
 * getrusage). */
void on_fault_counted(void);
