/*
 * Each number is compared before it is added to another, so that no sum can
 * wrap; only then does it become part of the result.
 *
 * Pages are where the kernel's rights end: two segments may not share one,
 * and page 0 belongs to nobody.
 */
#include "lib/elf.h"
#include "lib/string.h"
#include <asm/errno.h>
#include <linux/elf.h>

#define ELF_PAGE 4096u

static bool header_is_valid(const Elf32_Ehdr *header, size_t size)
{
    static const u8 ident[] = {0x7f,       'E',         'L',       'F',
                               ELFCLASS32, ELFDATA2LSB, EV_CURRENT};
    u64 table_end =
        (u64)header->e_phoff + (u64)header->e_phnum * sizeof(Elf32_Phdr);
    return memcmp(header->e_ident, ident, sizeof(ident)) == 0 &&
           header->e_type == ET_EXEC && header->e_machine == EM_386 &&
           header->e_version == EV_CURRENT &&
           header->e_phentsize == sizeof(Elf32_Phdr) && table_end <= size;
}

/* Reads one PT_LOAD. `floor` is the first address it may start at. */
static bool segment_read(const Elf32_Phdr *raw, u32 file_size, u32 floor,
                         u32 limit, struct elf_segment *segment)
{
    if (raw->p_filesz > raw->p_memsz || raw->p_offset > file_size ||
        raw->p_filesz > file_size - raw->p_offset)
        return false;
    if (raw->p_vaddr < floor || raw->p_vaddr >= limit ||
        raw->p_memsz > limit - raw->p_vaddr)
        return false;
    if (raw->p_vaddr % ELF_PAGE != raw->p_offset % ELF_PAGE)
        return false;
    *segment = (struct elf_segment){
        .address = raw->p_vaddr,
        .offset = raw->p_offset,
        .file_size = raw->p_filesz,
        .memory_size = raw->p_memsz,
        .readable = raw->p_flags & PF_R,
        .writable = raw->p_flags & PF_W,
        .executable = raw->p_flags & PF_X,
    };
    return true;
}

/* Adds a PT_LOAD behind those that are there already. Empty ones are legal
 * and stand for nothing. */
static bool segment_add(const Elf32_Phdr *raw, u32 file_size, u32 limit,
                        struct elf_program *program)
{
    if (raw->p_memsz == 0)
        return raw->p_filesz == 0;
    u32 count = program->segment_count;
    if (count == ELF_SEGMENTS_MAX)
        return false;
    u64 floor = ELF_PAGE;
    if (count != 0) {
        const struct elf_segment *below = &program->segments[count - 1];
        floor = round_up((u64)below->address + below->memory_size, ELF_PAGE);
    }
    if (floor > limit || !segment_read(raw, file_size, (u32)floor, limit,
                                       &program->segments[count]))
        return false;
    program->segment_count++;
    return true;
}

/* Where the program headers lie once the segments are mapped. */
static u32 header_address_find(const struct elf_program *program, u32 offset)
{
    u32 size = program->header_count * sizeof(Elf32_Phdr);
    for (u32 i = 0; i < program->segment_count; i++) {
        const struct elf_segment *segment = &program->segments[i];
        if (offset >= segment->offset && size <= segment->file_size &&
            offset - segment->offset <= segment->file_size - size)
            return segment->address + (offset - segment->offset);
    }
    return 0;
}

int elf_read(const void *bytes, size_t size, u32 file_size, u32 limit,
             struct elf_program *program)
{
    Elf32_Ehdr header;
    if (size < sizeof(header))
        return -ENOEXEC;
    memcpy(&header, bytes, sizeof(header));
    if (!header_is_valid(&header, size))
        return -ENOEXEC;
    *program = (struct elf_program){
        .entry = header.e_entry,
        .header_count = header.e_phnum,
    };
    const char *table = (const char *)bytes + header.e_phoff;
    for (u32 i = 0; i < header.e_phnum; i++) {
        Elf32_Phdr raw;
        memcpy(&raw, table + i * sizeof(raw), sizeof(raw));
        if (raw.p_type == PT_INTERP)
            return -ENOEXEC;
        if (raw.p_type == PT_LOAD &&
            !segment_add(&raw, file_size, limit, program))
            return -ENOEXEC;
    }
    if (program->segment_count == 0 || program->entry >= limit)
        return -ENOEXEC;
    program->header_address = header_address_find(program, header.e_phoff);
    return 0;
}
