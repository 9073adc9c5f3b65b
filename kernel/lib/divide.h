/*
 * 64-bit division by a 32-bit number, which gcc would ask libgcc for.
 */
#pragma once

#include "lib/types.h"

/* The divisor must not be 0. *remainder may be NULL. */
u64 divide_u64(u64 dividend, u32 divisor, u32 *remainder);
