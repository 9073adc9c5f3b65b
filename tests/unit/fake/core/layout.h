/*
 * The kernel's memory layout on the host: physical memory is an array, and
 * the direct map is its address.
 */
#pragma once

#include "lib/types.h"

#define PAGE_SIZE  4096u
#define PAGE_SHIFT 12
#define CPU_MAX    8

#define FAKE_MEMORY (64 * MIB)

static char fake_memory[FAKE_MEMORY] __attribute__((aligned(4096)));

/* Where the kernel image would lie. */
#define kernel_start (fake_memory + 1 * MIB)
#define kernel_end   (fake_memory + 1 * MIB + 300000)

static inline void *physical_to_virtual(physical_address address)
{
    return fake_memory + address;
}

static inline physical_address virtual_to_physical(const void *pointer)
{
    return (physical_address)((const char *)pointer - fake_memory);
}
