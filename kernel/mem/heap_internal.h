/*
 * What CHECKED builds add to the heap: a small block is full of poison while
 * it is free and ends in a guard word while it is in use. KASAN builds also
 * mark what lies behind the size that was asked for.
 */
#pragma once

#include "lib/types.h"

/* The last bytes of a small block, which are not the owner's. */
#define HEAP_GUARD_SIZE (CHECKED ? 4u : 0u)

/* A block that nobody uses. */
struct free_block {
    struct free_block *next;
};

/* mem/heap_check.c, called in CHECKED builds only. block_size includes the
 * guard. They panic when a block was freed twice, or written past its end or
 * after it was freed. */
void heap_check_page(void *page, size_t block_size, u32 count);
void heap_check_run(void *run, size_t size, size_t run_size);
void heap_check_alloc(void *block, size_t size, size_t block_size);
void heap_check_free(void *block, size_t block_size);
