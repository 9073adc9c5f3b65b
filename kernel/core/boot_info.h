/*
 * What the boot loader told us, read, checked and copied before anything
 * else may overwrite it. boot/ fills it; everyone may read it.
 */
#pragma once

#include "lib/types.h"

#define MEMORY_RANGES_MAX 32
#define MODULES_MAX       4
#define COMMAND_LINE_MAX  1024

/* Usable RAM, page aligned, below DIRECT_MAP_SIZE, ascending, not touching
 * the first MiB. */
struct memory_range {
    physical_address start;
    physical_address end;
};

struct boot_module {
    physical_address start;
    physical_address end;
};

struct boot_info {
    char command_line[COMMAND_LINE_MAX]; /* without the kernel's own name */
    u32 memory;                          /* bytes of the ranges */
    u32 range_count;
    struct memory_range ranges[MEMORY_RANGES_MAX];
    u32 module_count;
    struct boot_module modules[MODULES_MAX];
    u32 memory_unused; /* bytes past the direct map */
};

extern struct boot_info boot_info;

/* The time-stamp counter at the kernel's first C line. */
extern u64 boot_timestamp;

/* The value of `key=` on the kernel's command line, or `fallback` when it is
 * missing, or (which the log then says) no number from `least` to `most`. */
u32 boot_option_u32(const char *key, u32 fallback, u32 least, u32 most);
bool boot_option(const char *key, char *value, size_t size);

/* Whether `key=choice` is there; the log tells of any other value. */
bool boot_option_is(const char *key, const char *choice);

/* The log tells of each word that nobody has asked for. */
void boot_options_check(void);
