/*
 * The kernel's books: how many there are of each thing that somebody has to
 * give back. After a test, or a program, they must be where they were before:
 * init compares them for tools/run, and so do the in-kernel tests.
 *
 * Memory that only waits for its next user (the heap's own frames, spare
 * stacks and page tables) counts as free. What the dead have not given back
 * yet does not: who reads calls threads_wait_buried first.
 */
#pragma once

#include "lib/types.h"

struct book {
    const char *name;
    u32 (*read)(void);
};

#define BOOK_COUNT 9

extern const struct book books[BOOK_COUNT];
