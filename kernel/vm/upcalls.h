/*
 * What vm asks of the floors above; each has one definition there.
 */
#pragma once

#include "lib/types.h"

/* proc/: frames are out and a fault needs one. Ends (marks) the process with
 * the most resident frames, never init, and says so in the log. Returns true
 * when the fault may be tried again because memory is on its way, false when
 * the current process itself is to end (the fault returns -ENOMEM). No lock
 * held. */
bool on_out_of_memory(void);

/* proc/: one page fault was handled for the current process (accounting for
 * getrusage). */
void on_fault_counted(void);
