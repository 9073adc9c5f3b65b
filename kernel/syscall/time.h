/*
 * Times in the ABI's structs, and in nanoseconds.
 */
#pragma once

#include "lib/types.h"
#include <linux/time_types.h>

/* A timespec of 32-bit words, or of 64-bit ones (`wide`). 0, -EFAULT, or
 * -EINVAL for a negative time or a fraction of a second and more. Times too
 * long for 64 bits of nanoseconds (584 years) are cut to that. */
int timespec_in(const void user *source, bool wide, u64 *nanoseconds);
int timespec_out(void user *target, bool wide, u64 nanoseconds);

struct __kernel_old_timeval timeval_encode(u64 nanoseconds);

/* clock_nanoseconds() in `span` nanoseconds; never 0. */
u64 clock_deadline(u64 span);
