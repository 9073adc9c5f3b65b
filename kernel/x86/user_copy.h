/*
 * The only ways to touch user memory. Each survives any address: a range that
 * leaves user space or a page that cannot be had gives -EFAULT. A fault on
 * the way is handled as usual (demand, copy-on-write), so these may sleep: no
 * spinlock and no address-space lock may be held. The nofault variants never
 * sleep: they give -EFAULT where the page is not there (or not writable) now.
 */
#pragma once

#include "lib/types.h"

/* 0 or -EFAULT. After -EFAULT a part may have been copied. */
by_registers int user_copy_in(void *destination, const void user *source,
                              size_t size);
by_registers int user_copy_out(void user *destination, const void *source,
                               size_t size);
by_registers int user_clear(void user *destination, size_t size);

/* Copies a NUL-terminated string of at most size - 1 characters. Returns its
 * length, -EFAULT, or -ENAMETOOLONG when no NUL came within `size`. */
by_registers int user_string_in(char *destination, const char user *source,
                                size_t size);

by_registers int user_load(u32 *value, const u32 user *source);
by_registers int user_store(u32 user *destination, u32 value);

by_registers int user_copy_in_nofault(void *destination,
                                      const void user *source, size_t size);
by_registers int user_copy_out_nofault(void user *destination,
                                       const void *source, size_t size);
by_registers int user_load_nofault(u32 *value, const u32 user *source);
/* Writes `desired` if *place is `expected`; the value before in *seen. */
by_registers int user_compare_exchange_nofault(u32 user *place, u32 expected,
                                               u32 desired, u32 *seen);

/* True when [pointer, pointer + size) lies in user space. */
static inline bool user_range_ok(const void user *pointer, size_t size)
{
    u32 start = (u32)(uintptr_t)pointer;
    return size <= 0xc0000000u && start <= 0xc0000000u - size;
}
