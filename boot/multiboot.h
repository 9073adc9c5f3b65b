/*
 * What a Multiboot 1 loader leaves for us (Multiboot Specification 0.6.96,
 * section 3.3), checked and copied into boot_info (core/boot_info.h).
 *
 * Three dialects are accepted: QEMU puts the file's name before the kernel's
 * and the modules' command lines, GRUB gives only what follows it, v86 gives
 * one module with a null string and neither mem_lower nor mem_upper.
 */
#pragma once

#include "lib/types.h"

/* Reads the loader's structures (in the first 16 MiB, which alone are mapped
 * then). Ends the boot in one sentence when they cannot be used. */
void multiboot_read(u32 magic, physical_address information);
