/*
 * Poison and guard words of CHECKED builds: what a stale or a too long write
 * leaves behind is found at the next free or alloc of the same block.
 *
 * The first word of a free block is its link and is not looked at.
 */
#include "mem/heap_internal.h"
#include "core/kasan.h"
#include "core/panic.h"
#include "lib/string.h"

#define POISON_FREE 0xdd
#define POISON_NEW  0xcd
#define GUARD_FREE  0xddddddddu
#define GUARD_USED  0xa110ca7eu

static u32 *guard_of(void *block, size_t block_size)
{
    return (u32 *)((char *)block + block_size - HEAP_GUARD_SIZE);
}

/* Only `size` bytes belong to the owner, who finds no old contents there. */
static void owner_begins(void *block, size_t size, size_t block_size)
{
    kasan_allow(block, block_size);
    memset(block, POISON_NEW, size);
    kasan_forbid(block, block_size, KASAN_PAST_BLOCK);
    kasan_allow(block, size);
}

void heap_check_page(void *page, size_t block_size, u32 count)
{
    memset(page, POISON_FREE, block_size * count);
}

void heap_check_run(void *run, size_t size, size_t run_size)
{
    owner_begins(run, size, run_size);
}

void heap_check_alloc(void *block, size_t size, size_t block_size)
{
    const u8 *bytes = block;
    for (size_t i = sizeof(struct free_block); i < block_size; i++)
        if (bytes[i] != POISON_FREE)
            panic("heap: block %p of %u bytes: byte %u was written after it "
                  "was freed",
                  block, (u32)block_size, (u32)i);
    *guard_of(block, block_size) = GUARD_USED;
    owner_begins(block, size, block_size);
}

void heap_check_free(void *block, size_t block_size)
{
    u32 guard = *guard_of(block, block_size);
    if (guard == GUARD_FREE)
        panic("heap: block %p of %u bytes was freed twice", block,
              (u32)block_size);
    if (guard != GUARD_USED)
        panic("heap: block %p of %u bytes was written past its end", block,
              (u32)block_size);
    kasan_allow(block, block_size);
    memset(block, POISON_FREE, block_size);
    kasan_forbid(block, block_size, KASAN_FREE_BLOCK);
}
