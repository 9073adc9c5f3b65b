/*
 * What the compiler writes before each load and store of a KASAN build, for
 * the copies that it cannot see into (they end in one instruction).
 * The functions' names are the compiler's; core/kasan.c defines them. In the
 * other flavours nothing is left of this.
 */
#pragma once

#include "lib/types.h"

void __asan_loadN_noabort(uintptr_t address, size_t size);
void __asan_storeN_noabort(uintptr_t address, size_t size);

static inline void access_check_read(const void *bytes, size_t size)
{
    if (KASAN)
        __asan_loadN_noabort((uintptr_t)bytes, size);
}

static inline void access_check_write(const void *bytes, size_t size)
{
    if (KASAN)
        __asan_storeN_noabort((uintptr_t)bytes, size);
}
