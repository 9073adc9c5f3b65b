/*
 * The load averages: how many threads wanted to run, over the last minute,
 * five and fifteen; as fixed-point numbers with LOAD_SHIFT bits of fraction.
 */
#pragma once

#include "lib/types.h"

#define LOAD_SHIFT 11

struct load {
    u32 average[3];
};

void load_read(struct load *load);
