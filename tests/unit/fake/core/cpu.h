/*
 * Of the CPU's instructions only those that a test makes itself: it defines
 * them.
 */
#pragma once

#include "lib/types.h"

static u64 cpu_timestamp(void);
static void cpu_pause(void);
