/*
 * The kernel heap: size classes of powers of two and their halves-between
 * (16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048) carved from
 * single frames, whole runs of frames above. Per-CPU free lists make the
 * usual call lock-free. CHECKED builds poison freed memory (0xdd), fill new
 * memory (0xcd) and panic on a double free, a write after free, or a write past
 * the end (a guard word takes the last 4 bytes of each small block there).
 *
 * Blocks are aligned to 16 bytes. NULL when memory is out, never a panic.
 * Any context may call.
 */
#pragma once

#include "lib/types.h"

#define HEAP_SIZE_MAX (4 * MIB)

void heap_free(void *block); /* NULL is fine */

void *heap_alloc(size_t size) freed_by(heap_free);
void *heap_alloc_zeroed(size_t size) freed_by(heap_free);

/* A block of new_size with the contents of `block` (may be NULL); on failure
 * NULL, and `block` stays as it was. */
void *heap_resize(void *block, size_t new_size);

/* The whole usable size of a block. */
size_t heap_size(const void *block);

/* Blocks that are allocated now: for the books. */
u32 heap_block_count(void);

/* Frames that the heap holds now, whether their blocks are in use, cached or
 * empty. For the books: with frame_free_count it makes a sum that stays. */
u32 heap_frame_count(void);
