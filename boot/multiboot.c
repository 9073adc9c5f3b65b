/*
 * Multiboot information -> boot_info. Every address and length in it is
 * checked before it is followed: it must lie in what boot/entry.asm mapped.
 */
#include "boot/multiboot.h"

#include "core/boot_info.h"
#include "core/layout.h"
#include "core/panic.h"
#include "lib/string.h"

#define MULTIBOOT_MAGIC 0x2badb002u
#define BOOT_MAPPED     (16 * MIB) /* boot/entry.asm */
#define LOW_MEMORY_END  MIB
#define MEMORY_OWN      MIB /* what the kernel takes till it runs init */
#define FIRMWARE_KEEPS  (128 * KIB) /* at most, at the end of the memory */

enum {
    HAS_MEMORY_SIZE = 1 << 0,
    HAS_COMMAND_LINE = 1 << 2,
    HAS_MODULES = 1 << 3,
    HAS_MEMORY_MAP = 1 << 6,
};

/* A loader may put any of these at any address. */
struct multiboot_information {
    u32 flags;
    u32 lower_kib, upper_kib;
    u32 boot_device;
    u32 command_line;
    u32 module_count, modules;
    u32 symbols[4];
    u32 map_size, map;
} __attribute__((packed));

struct multiboot_module {
    u32 start, end, text, reserved;
} __attribute__((packed));

/* `size` counts what follows it. */
struct multiboot_range {
    u32 size;
    u64 start, length;
    u32 type; /* 1 is usable RAM */
} __attribute__((packed));

static const void *reach(u32 address, u32 size)
{
    if (size > BOOT_MAPPED || address > BOOT_MAPPED - size)
        halt_with_message("the boot loader put its information at %08x, out "
                          "of the kernel's early reach (the first 16 MiB)",
                          address);
    return physical_to_virtual(address);
}

/* QEMU's first word is the file's name: it holds a slash or ends in a dot
 * something, and never an equals sign before the first blank. An option of
 * ours is a bare word or key=value, so only a path is dropped. */
static const char *without_file_name(const char *line)
{
    const char *blank = strchr(line, ' ');
    size_t length = blank ? (size_t)(blank - line) : strlen(line);
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '=')
            return line;
        if (line[i] == '/' || line[i] == '.')
            return line + length;
    }
    return line;
}

static void read_command_line(const struct multiboot_information *information)
{
    boot_info.command_line[0] = '\0';
    if (!(information->flags & HAS_COMMAND_LINE) || !information->command_line)
        return;
    const char *line = reach(information->command_line, COMMAND_LINE_MAX);
    if (strnlen(line, COMMAND_LINE_MAX) == COMMAND_LINE_MAX)
        halt_with_message("the kernel's command line is longer than %u bytes",
                          COMMAND_LINE_MAX - 1);
    line = without_file_name(line);
    while (*line == ' ')
        line++;
    string_copy(boot_info.command_line, line, COMMAND_LINE_MAX);
}

/* Keeps the whole pages of [start, end) between the first MiB and the end of
 * the direct map, in ascending order. */
static void add_range(u64 start, u64 end)
{
    if (end > DIRECT_MAP_SIZE) {
        u64 unused = end - max(start, (u64)DIRECT_MAP_SIZE);
        boot_info.memory_unused += (u32)min(unused, (u64)3 * 1024 * MIB);
        end = DIRECT_MAP_SIZE;
    }
    start = max(start, (u64)LOW_MEMORY_END);
    if (start >= end || boot_info.range_count == MEMORY_RANGES_MAX)
        return;
    struct memory_range range = {
        .start = round_up((u32)start, PAGE_SIZE),
        .end = round_down((u32)end, PAGE_SIZE),
    };
    if (range.start >= range.end)
        return;
    u32 at = boot_info.range_count++;
    while (at > 0 && boot_info.ranges[at - 1].start > range.start) {
        boot_info.ranges[at] = boot_info.ranges[at - 1];
        at--;
    }
    boot_info.ranges[at] = range;
}

static void read_memory_map(const struct multiboot_information *information)
{
    const char *map = reach(information->map, information->map_size);
    u32 position = 0;
    while (position + sizeof(struct multiboot_range) <= information->map_size) {
        const struct multiboot_range *range = (const void *)(map + position);
        if (range->type == 1 && range->length <= ~range->start)
            add_range(range->start, range->start + range->length);
        if (range->size > information->map_size)
            break;
        position += range->size + sizeof(range->size);
    }
}

static void read_memory(const struct multiboot_information *information)
{
    if (information->flags & HAS_MEMORY_MAP)
        read_memory_map(information);
    else if (information->flags & HAS_MEMORY_SIZE)
        add_range(MIB, MIB + (u64)information->upper_kib * KIB);
    if (boot_info.range_count == 0)
        halt_with_message("the boot loader told of no memory above 1 MiB");
    for (u32 i = 1; i < boot_info.range_count; i++)
        if (boot_info.ranges[i].start < boot_info.ranges[i - 1].end)
            halt_with_message("the boot loader's memory map overlaps at %08x",
                              boot_info.ranges[i].start);
}

static bool is_in_memory(const struct boot_module *module)
{
    for (u32 i = 0; i < boot_info.range_count; i++)
        if (module->start >= boot_info.ranges[i].start &&
            module->end <= boot_info.ranges[i].end)
            return true;
    return false;
}

static void read_modules(const struct multiboot_information *information)
{
    if (!(information->flags & HAS_MODULES))
        return;
    u32 count = information->module_count;
    if (count > MODULES_MAX)
        halt_with_message("%u modules were loaded, at most %u can be used",
                          count, MODULES_MAX);
    const struct multiboot_module *modules =
        reach(information->modules, count * sizeof(*modules));
    for (u32 i = 0; i < count; i++) {
        struct boot_module module = {modules[i].start, modules[i].end};
        if (module.start > module.end)
            halt_with_message("module %u ends before it begins", i);
        boot_info.modules[boot_info.module_count++] = module;
    }
}

/* The image and the modules lie in memory, and a module's files are copied
 * before it is freed. */
static void check_memory(void)
{
    u32 end = virtual_to_physical(kernel_end), copy = 0;
    for (u32 i = 0; i < boot_info.range_count; i++)
        boot_info.memory += boot_info.ranges[i].end - boot_info.ranges[i].start;
    for (u32 i = 0; i < boot_info.module_count; i++) {
        const struct boot_module *module = &boot_info.modules[i];
        end = max(end, module->end);
        copy = max(copy, module->end - module->start);
    }
    u32 needed = end + copy + MEMORY_OWN;
    u32 bytes = LOW_MEMORY_END + boot_info.memory;
    if (bytes < needed)
        halt_with_message("%u MiB of memory are too little, %u MiB are needed",
                          round_up(bytes, MIB) / MIB,
                          round_up(needed + FIRMWARE_KEEPS, MIB) / MIB);
    for (u32 i = 0; i < boot_info.module_count; i++)
        if (!is_in_memory(&boot_info.modules[i]))
            halt_with_message("module %u does not lie in memory", i);
}

void multiboot_read(u32 magic, physical_address address)
{
    if (magic != MULTIBOOT_MAGIC)
        halt_with_message("it must be started by a Multiboot 1 loader (magic "
                          "%08x instead of %08x)",
                          magic, MULTIBOOT_MAGIC);
    const struct multiboot_information *information =
        reach(address, sizeof(*information));
    read_command_line(information);
    read_memory(information);
    read_modules(information);
    check_memory();
}
