/*
 * The check before each load and store of a KASAN build, and the shadow that
 * it asks. Addresses outside the direct map's RAM (stacks, devices) are not
 * checked. Globals and stack variables are not marked: the heap and frames
 * are what goes wrong.
 *
 * Nothing in this file is checked itself (see the Makefile). The report is
 * made by code that is: it must not start a second one.
 */
#include "core/kasan.h"
#include "core/atomic.h"
#include "core/layout.h"
#include "core/panic.h"
#include "lib/access_check.h"
#include "lib/string.h"

#define GRANULE 8u

static u8 *shadow;
static u32 shadowed; /* bytes of physical memory that the shadow covers */
static volatile bool reported;

void kasan_start(u8 *start, u32 memory)
{
    for (u32 i = 0; i < KASAN_SHADOW_SIZE(memory); i++)
        start[i] = 0;
    shadow = start;
    shadowed = memory; /* from here on it is asked */
}

void kasan_shadow_forbid(const void *start, size_t size, u8 reason)
{
    u8 *at = &shadow[virtual_to_physical(start) / GRANULE];
    u8 *end = at + size / GRANULE;
    for (; end - at >= 4; at += 4)
        *(u32 *)at = reason * 0x01010101u;
    for (; at < end; at++)
        *at = reason;
}

void kasan_shadow_allow(const void *start, size_t size)
{
    kasan_shadow_forbid(start, size, 0);
    if (size % GRANULE != 0)
        shadow[(virtual_to_physical(start) + size) / GRANULE] = size % GRANULE;
}

static const char *reason_name(u8 value)
{
    static const char *const names[] = {
        [KASAN_FREE_FRAME & 15] = "free frame",
        [KASAN_FREE_BLOCK & 15] = "free heap block",
        [KASAN_PAST_BLOCK & 15] = "past the end of a heap block",
    };
    return value < GRANULE ? names[KASAN_PAST_BLOCK & 15] : names[value & 15];
}

static void report(u32 address, size_t size, const char *access, u8 value)
{
    if (!atomic_test_and_set(&reported))
        panic("kasan: %s of %u bytes at %08x: %s", access, (u32)size, address,
              reason_name(value));
}

/* Whether the bytes of one granule up to `last` (0..7) may be touched. */
static bool granule_allows(u8 value, u32 last)
{
    return value == 0 || (value < GRANULE && last < value);
}

static void access_check(uintptr_t address, size_t size, const char *access)
{
    u32 start = (u32)address - KERNEL_BASE;
    if (shadow == NULL || size == 0 || start >= shadowed ||
        size > shadowed - start)
        return;
    u32 last = start + size - 1;
    for (u32 granule = start / GRANULE; granule <= last / GRANULE; granule++) {
        u32 last_here = granule == last / GRANULE ? last % GRANULE : 7;
        if (!granule_allows(shadow[granule], last_here)) {
            report(address, size, access, shadow[granule]);
            return;
        }
    }
}

/* Most lie in one granule, all of which may be touched. */
static inline void access_check_small(uintptr_t address, u32 size,
                                      const char *access)
{
    u32 start = (u32)address - KERNEL_BASE;
    if (unlikely(start < shadowed && (shadow[start / GRANULE] != 0 ||
                                      start % GRANULE + size > GRANULE)))
        access_check(address, size, access);
}

#define CHECKS(suffix, size)                                                   \
    void __asan_load##suffix##_noabort(uintptr_t address);                     \
    void __asan_load##suffix##_noabort(uintptr_t address)                      \
    {                                                                          \
        access_check_small(address, size, "load");                             \
    }                                                                          \
    void __asan_store##suffix##_noabort(uintptr_t address);                    \
    void __asan_store##suffix##_noabort(uintptr_t address)                     \
    {                                                                          \
        access_check_small(address, size, "store");                            \
    }

CHECKS(1, 1)
CHECKS(2, 2)
CHECKS(4, 4)
CHECKS(8, 8)
CHECKS(16, 16)

void __asan_loadN_noabort(uintptr_t address, size_t size)
{
    access_check(address, size, "load");
}

void __asan_storeN_noabort(uintptr_t address, size_t size)
{
    access_check(address, size, "store");
}

/* Would clean the shadow of a stack that is left for good; there is none. */
void __asan_handle_no_return(void);
void __asan_handle_no_return(void)
{
}

/* What clang calls instead of memcpy and its like, which check themselves. */
void *__asan_memcpy(void *destination, const void *source, size_t size);
void *__asan_memcpy(void *destination, const void *source, size_t size)
{
    return memcpy(destination, source, size);
}

void *__asan_memmove(void *destination, const void *source, size_t size);
void *__asan_memmove(void *destination, const void *source, size_t size)
{
    return memmove(destination, source, size);
}

void *__asan_memset(void *destination, int byte, size_t size);
void *__asan_memset(void *destination, int byte, size_t size)
{
    return memset(destination, byte, size);
}
