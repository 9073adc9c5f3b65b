/*
 * Who lives where in the 4 GiB of addresses.
 *
 *   00000000 - 00000fff  never mapped: a null pointer faults
 *   00001000 - bfffffff  the process (its stack ends at USER_END)
 *   c0000000 - f7ffffff  direct map: physical 0 .. 896 MiB, in 4 MiB global
 *                        pages; the 4 MiB blocks that hold the kernel image
 *                        are mapped in 4 KiB pages, text and rodata read-only
 *   f8000000 - ffbfffff  kernel stacks, in slots of STACK_SLOT_SIZE, and
 *                        device windows at the end
 *   ffc00000 - ffffffff  left free for the virtual machine monitor
 */
#pragma once

#include "lib/types.h"

#define PAGE_SIZE       4096u
#define PAGE_SHIFT      12
#define LARGE_PAGE_SIZE (4 * MIB)

#define USER_START        PAGE_SIZE
#define USER_END          0xc0000000u
#define KERNEL_BASE       0xc0000000u
#define DIRECT_MAP_SIZE   (896 * MIB)
#define STACK_AREA_START  0xf8000000u
#define STACK_AREA_END    0xff000000u
#define DEVICE_AREA_START 0xff000000u
#define DEVICE_AREA_END   0xffc00000u

/* A slot is aligned to its size: the guard half below is never mapped, the
 * stack half above is. So `esp & -STACK_SIZE` finds the stack's base. */
#define STACK_SIZE      (2 * PAGE_SIZE)
#define STACK_SLOT_SIZE (2 * STACK_SIZE)

#define CPU_MAX 8

/* Places in the kernel image, from linker.ld. */
extern char kernel_start[], kernel_end[];
extern char text_start[], text_end[];
extern char rodata_start[], rodata_end[];
extern char data_start[], data_end[];

static inline void *physical_to_virtual(physical_address address)
{
    return (void *)(uintptr_t)(address + KERNEL_BASE);
}

static inline physical_address virtual_to_physical(const void *pointer)
{
    return (physical_address)(uintptr_t)pointer - KERNEL_BASE;
}
