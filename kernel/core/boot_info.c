/*
 * Options are looked up in the command line each time: they are read at boot,
 * a few times, and a second copy could disagree.
 */
#include "core/boot_info.h"
#include "lib/command_line.h"
#include "lib/string.h"

struct boot_info boot_info;
u64 boot_timestamp;

bool boot_option(const char *key, char *value, size_t size)
{
    return command_line_get(boot_info.command_line, key, value, size);
}

u32 boot_option_u32(const char *key, u32 fallback)
{
    char text[16];
    u32 number;
    if (!boot_option(key, text, sizeof(text)) || !string_to_u32(text, &number))
        return fallback;
    return number;
}
