/*
 * Options are looked up in the command line each time: they are read at boot,
 * a few times, and a second copy could disagree.
 */
#include "core/boot_info.h"
#include "core/panic.h"
#include "core/printk.h"
#include "lib/command_line.h"
#include "lib/string.h"

struct boot_info boot_info;
u64 boot_timestamp;

/* The keys that somebody has asked for, so that they are known; "books" is for
 * init. */
static const char *known[24] = {"books"};
static u32 known_count = 1;

bool boot_option(const char *key, char *value, size_t size)
{
    assert(known_count < array_count(known));
    known[known_count++] = key;
    return command_line_get(boot_info.command_line, key, value, size);
}

bool boot_option_is(const char *key, const char *choice)
{
    char value[32];
    if (!boot_option(key, value, sizeof(value)))
        return false;
    if (strcmp(value, choice) == 0)
        return true;
    printk("option %s=%s is unknown: there is %s=%s\n", key, value, key,
           choice);
    return false;
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

void boot_options_check(void)
{
    const char *line = boot_info.command_line, *word;
    size_t length;
    while ((word = command_line_word(&line, &length)) != NULL) {
        u32 i = 0;
        while (i < known_count && !command_line_value(word, length, known[i]))
            i++;
        if (i == known_count)
            printk("option %.*s is unknown to this kernel\n", (int)length,
                   word);
    }
}
