/*
 * What QEMU, GRUB and v86 leave is read alike; what no loader may leave ends
 * the boot in a sentence, whatever it is, and is never followed.
 */
#include "unit.h"
#include <stdarg.h>
#include "kernel_string.h"
#include "core/boot_info.h"
#include "core/layout.h"
#include "core/panic.h"

#define DIRECT_MAP_SIZE   (896 * MIB)
#define halt_with_message panic
#include "boot/multiboot.c"

struct boot_info boot_info;

#define INFORMATION 0x9000u
#define LINE        0xa000u
#define MODULES     0xb000u
#define MAP         0xc000u

enum {
    ALL = HAS_MEMORY_SIZE | HAS_COMMAND_LINE | HAS_MODULES | HAS_MEMORY_MAP,
};

static struct multiboot_information *information;
static u32 information_at;

static void information_begin(u32 at, u32 flags)
{
    boot_info = (struct boot_info){0};
    memset(fake_memory, 0, 16 * MIB);
    information_at = at;
    information = physical_to_virtual(at);
    *information = (struct multiboot_information){
        .flags = flags,
        .command_line = LINE,
        .modules = MODULES,
        .map = MAP,
    };
}

static void line_is(const char *text)
{
    strcpy(physical_to_virtual(LINE), text);
}

static void module_add(u32 start, u32 end, u32 text)
{
    struct multiboot_module *modules = physical_to_virtual(MODULES);

    modules[information->module_count++] =
        (struct multiboot_module){start, end, text, 0};
}

static void range_add(u64 start, u64 length, u32 type)
{
    struct multiboot_range range = {sizeof(range) - sizeof(range.size), start,
                                    length, type};

    memcpy(physical_to_virtual(MAP + information->map_size), &range,
           sizeof(range));
    information->map_size += sizeof(range);
}

/* A PC with 64 MiB. */
static void ranges_add(void)
{
    range_add(0, 639 * KIB, 1);
    range_add(0xf0000, 64 * KIB, 2);
    range_add(MIB, 63 * MIB, 1);
    range_add(0xfffc0000, 256 * KIB, 2);
}

static void pc_begin(void)
{
    information_begin(INFORMATION, ALL);
    ranges_add();
}

static void read(void)
{
    multiboot_read(MULTIBOOT_MAGIC, information_at);
}

static void pc_check(const char *line, u32 modules)
{
    read();
    check_text(boot_info.command_line, line);
    check_number(boot_info.module_count, modules);
    check_number(boot_info.range_count, 1);
    check_number(boot_info.ranges[0].start, MIB);
    check_number(boot_info.ranges[0].end, 64 * MIB);
    check_number(boot_info.memory, 63 * MIB);
    check_number(boot_info.memory_unused, 0);
}

/* ---- the dialects -------------------------------------------------------- */

static void qemu(void)
{
    pc_begin();
    line_is("build/default/spindle.elf run=1 log=quiet");
    strcpy(physical_to_virtual(LINE + 100), "build/ramdisk.cpio");
    module_add(2 * MIB, 5 * MIB + 7, LINE + 100);
    module_add(6 * MIB, 6 * MIB, LINE + 100);
    pc_check("run=1 log=quiet", 2);
    check_number(boot_info.modules[0].start, 2 * MIB);
    check_number(boot_info.modules[0].end, 5 * MIB + 7);
}

static void grub(void)
{
    pc_begin();
    line_is("log=quiet");
    strcpy(physical_to_virtual(LINE + 100), "");
    module_add(2 * MIB, 3 * MIB, LINE + 100);
    pc_check("log=quiet", 1);
}

static void v86(void)
{
    information_begin(0x7c00, ALL & ~HAS_MEMORY_SIZE);
    ranges_add();
    line_is("a b=c");
    module_add(2 * MIB, 3 * MIB, 0);
    pc_check("a b=c", 1);
}

static void no_map(void)
{
    information_begin(INFORMATION, HAS_MEMORY_SIZE);
    information->upper_kib = 63 * KIB;
    pc_check("", 0);
}

static void command_lines(void)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"   ", ""},
        {"quantum=5", "quantum=5"},
        {"books", "books"},
        {"/boot/spindle.elf", ""},
        {"spindle.elf a=1", "a=1"},
        {"/boot/spindle  a=1  b", "a=1  b"},
        {"run=/bin/sh b", "run=/bin/sh b"},
        {"a ./b", "a ./b"},
    };
    for (u32 i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        pc_begin();
        line_is(cases[i][0]);
        pc_check(cases[i][1], 0);
    }
}

/* ---- memory -------------------------------------------------------------- */

static void ranges(void)
{
    information_begin(INFORMATION, ALL);
    range_add(3 * 1024ull * MIB, 5 * 1024ull * MIB, 1); /* past the map */
    range_add(32 * MIB + 5, 2 * MIB, 1);                /* no whole pages */
    range_add(512 * KIB, 10 * MIB, 1);                  /* begins too low */
    range_add(16 * MIB, 8 * MIB, 3);                    /* no RAM */
    range_add(40 * MIB, ~0ull - 8 * MIB, 1);            /* comes round */
    range_add(20 * MIB, 100, 1);                        /* less than a page */
    read();
    check_number(boot_info.range_count, 2);
    check_number(boot_info.ranges[0].start, MIB);
    check_number(boot_info.ranges[0].end, 10 * MIB + 512 * KIB);
    check_number(boot_info.ranges[1].start, 32 * MIB + PAGE_SIZE);
    check_number(boot_info.ranges[1].end, 34 * MIB);
    check_number(boot_info.memory_unused, 3 * 1024ull * MIB);
}

/* ---- what is refused ----------------------------------------------------- */

static void out_of_reach(void)
{
    check_panics(multiboot_read(1, INFORMATION), "magic 00000001");
    check_panics(multiboot_read(MULTIBOOT_MAGIC, 16 * MIB - 8), "early reach");
    check_panics(multiboot_read(MULTIBOOT_MAGIC, ~0u), "early reach");
    pc_begin();
    information->command_line = 16 * MIB - 1000;
    check_panics(read(), "early reach");
    pc_begin();
    information->map = 16 * MIB - 50;
    check_panics(read(), "early reach");
    pc_begin();
    information->map_size = ~0u;
    check_panics(read(), "early reach");
    pc_begin();
    information->modules = ~0u - 3;
    module_add(2 * MIB, 3 * MIB, 0);
    check_panics(read(), "early reach");
}

static void too_much(void)
{
    pc_begin();
    memset(physical_to_virtual(LINE), 'a', COMMAND_LINE_MAX);
    check_panics(read(), "longer than 1023 bytes");
    pc_begin();
    for (u32 i = 0; i <= MODULES_MAX; i++)
        module_add(2 * MIB, 3 * MIB, 0);
    check_panics(read(), "5 modules were loaded");
    pc_begin();
    information->module_count = ~0u;
    check_panics(read(), "4294967295 modules");
}

static void senseless(void)
{
    pc_begin();
    module_add(3 * MIB, 2 * MIB, 0);
    check_panics(read(), "module 0 ends before it begins");
    pc_begin();
    module_add(2 * MIB, 3 * MIB, 0);
    module_add(63 * MIB, 64 * MIB + 1, 0);
    check_panics(read(), "MiB of memory are too little");
    pc_begin();
    module_add(512 * KIB, 600 * KIB, 0);
    check_panics(read(), "module 0 does not lie in memory");
    pc_begin();
    range_add(20 * MIB, MIB, 1);
    check_panics(read(), "overlaps at 01400000");
    information_begin(INFORMATION, 0);
    check_panics(read(), "no memory above 1 MiB");
    information_begin(INFORMATION, HAS_MEMORY_MAP);
    check_panics(read(), "no memory above 1 MiB");
}

/* ---- anything at all ----------------------------------------------------- */

/* What was read can be used: then nothing else must be checked later. */
static void info_is_sound(void)
{
    u32 last = MIB;

    check(boot_info.range_count > 0);
    for (u32 i = 0; i < boot_info.range_count; i++) {
        check(boot_info.ranges[i].start >= last);
        check(boot_info.ranges[i].start < boot_info.ranges[i].end);
        check(boot_info.ranges[i].start % PAGE_SIZE == 0);
        last = boot_info.ranges[i].end;
    }
    check(last <= DIRECT_MAP_SIZE && boot_info.module_count <= MODULES_MAX);
    for (u32 i = 0; i < boot_info.module_count; i++)
        check(is_in_memory(&boot_info.modules[i]));
}

static void word_spoil(void)
{
    static const u32 places[] = {INFORMATION, MODULES, MAP};
    static const u32 words[] = {0, 1, ~0u, 0x80000000, 16 * MIB, 2 * MIB};
    u32 *place = physical_to_virtual(places[unit_random_below(3)] +
                                     4 * unit_random_below(24));

    *place = unit_random_below(2) ? words[unit_random_below(6)]
                                  : unit_random() >> unit_random_below(32);
}

static volatile u32 sound, refused;

static void anything(void)
{
    sound = refused = 0;
    for (volatile u32 round = 0; round < 20000; round++) {
        boot_info = (struct boot_info){0};
        memset(physical_to_virtual(INFORMATION), 0, MAP + 4096 - INFORMATION);
        *information = (struct multiboot_information){
            ALL, 0, 0, 0, LINE, 0, MODULES, {0}, 0, MAP};
        line_is("spindle.elf a=1");
        ranges_add();
        module_add(2 * MIB, 3 * MIB, 0);
        for (u32 count = unit_random_below(4); count > 0; count--)
            word_spoil();
        fake_panic_wanted = true;
        if (setjmp(fake_panic_end) == 0) {
            read();
            fake_panic_wanted = false;
            info_is_sound();
            sound++;
        } else {
            refused++;
        }
        fake_panic_wanted = false;
    }
    check(sound > 1000 && refused > 1000);
}

UNIT_TESTS(UNIT_TEST(qemu), UNIT_TEST(grub), UNIT_TEST(v86), UNIT_TEST(no_map),
           UNIT_TEST(command_lines), UNIT_TEST(ranges), UNIT_TEST(out_of_reach),
           UNIT_TEST(too_much), UNIT_TEST(senseless), UNIT_TEST(anything))
