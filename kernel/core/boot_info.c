/*
 * Options are looked up in the command line each time: they are read at boot,
 * a few times, and a second copy could disagree.
 */
#include "core/boot_info.h"
#include "core/printk.h"
#include "lib/command_line.h"
#include "lib/string.h"

struct boot_info boot_info;
u64 boot_timestamp;

bool boot_option(const char *key, char *value, size_t size)
{
    return command_line_get(boot_info.command_line, key, value, size);
}

u32 boot_option_u32(const char *key, u32 fallback, u32 least, u32 most)
{
    char text[16];
    u32 number;
    if (!boot_option(key, text, sizeof(text)))
        return fallback;
    if (string_to_u32(text, &number) && number >= least && number <= most)
        return number;
    printk("option %s=%s is no number from %u to %u: it stays %u\n", key, text,
           least, most, fallback);
    return fallback;
}
