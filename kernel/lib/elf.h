/*
 * Reading ELF32 little-endian i386 executables: every number in them is
 * hostile and is checked here, once, before anyone maps anything.
 */
#pragma once

#include "lib/types.h"

#define ELF_SEGMENTS_MAX 16

/* One PT_LOAD: file bytes [offset, offset + file_size) appear at `address`,
 * zeroes follow up to memory_size. address and offset agree modulo 4096. */
struct elf_segment {
    u32 address;
    u32 offset;
    u32 file_size;
    u32 memory_size;
    bool readable;
    bool writable;
    bool executable;
};

/* What exec needs of a static executable. */
struct elf_program {
    u32 entry;
    u32 header_address; /* where the program headers lie in memory, or 0 */
    u32 header_count;
    u32 segment_count;
    struct elf_segment segments[ELF_SEGMENTS_MAX];
};

/*
 * Decodes the first `size` bytes of a file of `file_size` bytes (exec passes
 * one page). `limit` is the first address a segment must not reach.
 * Returns 0, or -ENOEXEC for anything that is not a static i386 executable
 * with its program headers within `size`, segments ascending, not
 * overlapping, page-consistent, inside the file and below `limit`.
 */
int elf_read(const void *bytes, size_t size, u32 file_size, u32 limit,
             struct elf_program *program);
