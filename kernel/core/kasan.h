/*
 * Which bytes of physical memory may be touched now: the KASAN flavour only.
 *
 * One shadow byte stands for eight bytes of the direct map: 0 when all eight
 * may be touched, 1 to 7 when only the first so many may, else why none may.
 * The compiler calls core/kasan.c before each load and store. The allocators
 * mark what they give and take; in other flavours the marks cost nothing.
 */
#pragma once

#include "lib/types.h"

enum kasan_reason {
    KASAN_FREE_FRAME = 0xf1,
    KASAN_FREE_BLOCK = 0xf2,
    KASAN_PAST_BLOCK = 0xf3,
};

/* Bytes of shadow that `memory` bytes of physical memory need. */
#define KASAN_SHADOW_SIZE(memory) ((memory) / 8)

/* Begins to check, with a shadow for the first `memory` bytes of physical
 * memory at `shadow`; at first everything may be touched. */
void kasan_start(u8 *shadow, u32 memory);

/* core/kasan.c; `start` is a multiple of 8, and so is `size` in the first. */
void kasan_shadow_forbid(const void *start, size_t size, u8 reason);
void kasan_shadow_allow(const void *start, size_t size);

static inline void kasan_forbid(const void *start, size_t size,
                                enum kasan_reason reason)
{
    if (KASAN)
        kasan_shadow_forbid(start, size, reason);
}

/* `size` need not be a multiple of 8: the rest of the last eight bytes may
 * not be touched then. */
static inline void kasan_allow(const void *start, size_t size)
{
    if (KASAN)
        kasan_shadow_allow(start, size);
}
