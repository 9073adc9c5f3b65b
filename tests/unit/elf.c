/*
 * A good executable is read as it is; and whatever bytes a file holds, what
 * elf_read accepts is safe to map: inside the file, below the limit,
 * ascending, no page shared.
 */
#include "unit.h"
#include <asm/errno.h>
#include <linux/elf.h>
#include "kernel_string.h"
#include "kernel/lib/elf.c"

#define LIMIT     0xc0000000u
#define FILE_SIZE 0x5000u
#define HEADERS   3
#define IMAGE     (sizeof(Elf32_Ehdr) + HEADERS * sizeof(Elf32_Phdr))

struct image {
    Elf32_Ehdr header;
    Elf32_Phdr table[HEADERS];
};

/* As ld makes it: text, data with zeroes behind, and a note on the stack. */
static struct image good_image(void)
{
    return (struct image){
        .header = {.e_ident = {0x7f, 'E', 'L', 'F', 1, 1, 1},
                   .e_type = ET_EXEC,
                   .e_machine = EM_386,
                   .e_version = 1,
                   .e_entry = 0x08048100,
                   .e_phoff = sizeof(Elf32_Ehdr),
                   .e_ehsize = sizeof(Elf32_Ehdr),
                   .e_phentsize = sizeof(Elf32_Phdr),
                   .e_phnum = HEADERS},
        .table = {{.p_type = PT_LOAD,
                   .p_offset = 0,
                   .p_vaddr = 0x08048000,
                   .p_filesz = 0x2345,
                   .p_memsz = 0x2345,
                   .p_flags = PF_R | PF_X},
                  {.p_type = PT_LOAD,
                   .p_offset = 0x2f00,
                   .p_vaddr = 0x0804cf00,
                   .p_filesz = 0x200,
                   .p_memsz = 0x3000,
                   .p_flags = PF_R | PF_W},
                  {.p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W}},
    };
}

/* Reads from a copy that ends where the bytes end. */
static int read_image(const struct image *image, size_t size,
                      struct elf_program *program)
{
    void *bytes = malloc(size ? size : 1);
    memcpy(bytes, image, size);
    int result = elf_read(bytes, size, FILE_SIZE, LIMIT, program);
    free(bytes);
    return result;
}

static int read_result(const struct image *image)
{
    struct elf_program program;
    return read_image(image, sizeof(*image), &program);
}

static void good(void)
{
    struct image image = good_image();
    struct elf_program program;
    check_number(read_image(&image, sizeof(image), &program), 0);
    check_number(program.entry, 0x08048100);
    check_number(program.header_address, 0x08048000 + sizeof(Elf32_Ehdr));
    check_number(program.header_count, HEADERS);
    check_number(program.segment_count, 2);
    const struct elf_segment *text = &program.segments[0];
    const struct elf_segment *data = &program.segments[1];
    check(text->readable && text->executable && !text->writable);
    check(data->readable && !data->executable && data->writable);
    check_number(data->address, 0x0804cf00);
    check_number(data->offset, 0x2f00);
    check_number(data->file_size, 0x200);
    check_number(data->memory_size, 0x3000);
}

static void cut_at_every_byte(void)
{
    struct image image = good_image();
    struct elf_program program;
    for (size_t size = 0; size < sizeof(image); size++)
        check_number(read_image(&image, size, &program), -ENOEXEC);
}

static void headers_outside_any_segment(void)
{
    struct image image = good_image();
    struct elf_program program;
    image.table[0].p_offset = 0x1000;
    image.table[0].p_filesz = image.table[0].p_memsz = 0x1000;
    check_number(read_image(&image, sizeof(image), &program), 0);
    check_number(program.header_address, 0);
}

/* One number changed, and no longer a program of ours. */
#define check_refused(statement)                                               \
    do {                                                                       \
        struct image image = good_image();                                     \
        struct image *i = &image;                                              \
        statement;                                                             \
        if (read_result(i) != -ENOEXEC)                                        \
            unit_fail("wanted -ENOEXEC got success for %s", #statement);       \
    } while (0)

static void wrong_kinds(void)
{
    check_refused(i->header.e_ident[0] = 0);
    check_refused(i->header.e_ident[EI_CLASS] = ELFCLASS64);
    check_refused(i->header.e_ident[EI_DATA] = ELFDATA2MSB);
    check_refused(i->header.e_type = ET_DYN);
    check_refused(i->header.e_type = ET_REL);
    check_refused(i->header.e_machine = EM_X86_64);
    check_refused(i->header.e_version = 2);
    check_refused(i->header.e_phentsize = 56);
    check_refused(i->table[2].p_type = PT_INTERP);
    check_refused(i->header.e_phnum = 0);
    check_refused(i->header.e_entry = LIMIT);
}

static void wrong_tables(void)
{
    check_refused(i->header.e_phnum = HEADERS + 1);
    check_refused(i->header.e_phnum = 0xffff);
    check_refused(i->header.e_phoff = 0xffffffff);
    check_refused(i->header.e_phoff = 0xffffffe0);
    check_refused(i->header.e_phoff += 1);
}

static void wrong_segments(void)
{
    check_refused(i->table[0].p_filesz = 0x5001);
    check_refused(i->table[0].p_filesz = 0xffffffff);
    check_refused(i->table[0].p_memsz = 0x2344);
    check_refused(i->table[0].p_vaddr = 0);
    check_refused(i->table[0].p_vaddr = 0xfffff000);
    check_refused(i->table[0].p_vaddr = LIMIT);
    check_refused(i->table[0].p_vaddr += 4);
    check_refused(i->table[1].p_offset = 0xffffff00);
    check_refused(i->table[1].p_memsz = 0xffffffff);
    check_refused(i->table[1].p_memsz = LIMIT - 0x0804cf00 + 1);
    check_refused(i->table[1].p_vaddr = 0x08047f00);
    check_refused(i->table[1].p_vaddr = 0x0804af00);
    check_refused(i->table[0].p_memsz = 0x5000);
}

static void up_to_the_limit(void)
{
    struct image image = good_image();
    image.table[1].p_memsz = LIMIT - image.table[1].p_vaddr;
    check_number(read_result(&image), 0);
}

static void check_safe(const struct elf_program *program)
{
    u64 floor = 4096;
    check(program->segment_count >= 1);
    check(program->segment_count <= ELF_SEGMENTS_MAX);
    check(program->entry < LIMIT);
    for (u32 i = 0; i < program->segment_count; i++) {
        const struct elf_segment *segment = &program->segments[i];
        check(segment->address >= floor);
        floor = (u64)segment->address + segment->memory_size;
        check(floor <= LIMIT);
        floor = (floor + 4095) / 4096 * 4096;
        check((u64)segment->offset + segment->file_size <= FILE_SIZE);
        check(segment->file_size <= segment->memory_size);
        check(segment->memory_size != 0);
        check(segment->address % 4096 == segment->offset % 4096);
    }
}

/* A number such as an attacker would choose. */
static u32 hostile_number(void)
{
    static const u32 numbers[] = {0,          1,
                                  0xfff,      0x1000,
                                  0x1001,     FILE_SIZE - 1,
                                  FILE_SIZE,  FILE_SIZE + 1,
                                  0x7fffffff, 0x80000000,
                                  LIMIT - 1,  LIMIT,
                                  LIMIT + 1,  0xfffff000,
                                  0xffffffff};
    if (unit_random_below(2))
        return numbers[unit_random_below(array_count(numbers))];
    return unit_random() >> unit_random_below(32);
}

static void mutations(void)
{
    int accepted = 0;
    for (int round = 0; round < 300000; round++) {
        struct image image = good_image();
        struct elf_program program;
        for (u32 n = 1 + unit_random_below(3); n > 0; n--) {
            u32 word = hostile_number();
            u32 size = 1u << unit_random_below(3);
            u32 at = unit_random_below(sizeof(image) / size) * size;
            if (unit_random_below(4) != 0 && at < sizeof(Elf32_Ehdr))
                at += sizeof(Elf32_Ehdr);
            memcpy((char *)&image + at, &word, size);
        }
        int result = read_image(&image, sizeof(image), &program);
        check(result == 0 || result == -ENOEXEC);
        if (result == 0) {
            check_safe(&program);
            accepted++;
        }
    }
    /* Else the loop above would prove nothing. */
    check(accepted > 1000);
    check(accepted < 299000);
}

static void too_many_segments(void)
{
    for (u32 count = 1; count <= ELF_SEGMENTS_MAX + 2; count++) {
        struct {
            Elf32_Ehdr header;
            Elf32_Phdr table[ELF_SEGMENTS_MAX + 2];
        } image = {.header = good_image().header};
        struct elf_program program;
        image.header.e_phnum = count;
        for (u32 i = 0; i < count; i++) {
            image.table[i] = good_image().table[0];
            image.table[i].p_vaddr += i * 0x3000;
        }
        check_number(
            elf_read(&image, sizeof(image), FILE_SIZE, LIMIT, &program),
            count <= ELF_SEGMENTS_MAX ? 0 : -ENOEXEC);
    }
}

UNIT_TESTS(UNIT_TEST(good), UNIT_TEST(cut_at_every_byte),
           UNIT_TEST(headers_outside_any_segment), UNIT_TEST(wrong_kinds),
           UNIT_TEST(wrong_tables), UNIT_TEST(wrong_segments),
           UNIT_TEST(up_to_the_limit), UNIT_TEST(mutations),
           UNIT_TEST(too_many_segments))
