/*
 * Random bytes: ChaCha20 whose key is replaced after every block, so that
 * bytes given out cannot be computed from what memory holds later.
 *
 * The key is seeded from the clock chips and the time-stamp counter, and by
 * `seed=` on the command line: under --icount the sequence repeats exactly.
 */
#pragma once

#include "lib/types.h"

void random_start(void);

/* Any context that holds no lock of rank RANDOM or below. */
void random_bytes(void *buffer, size_t size);

/* Stirs a number in: a time of arrival, what a program wrote. */
void random_stir(const void *bytes, size_t size);
