/*
 * What sched asks of the floors above; each has one definition there.
 */
#pragma once

#include "lib/types.h"

/* proc/: so many ticks have been charged to the current thread, which is
 * `timed`. Interrupts off, no lock held. */
void on_time_charged(bool from_user, u32 ticks);
