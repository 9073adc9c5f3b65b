/*
 * A list that only grows, so it is walked without a lock.
 */
#include "core/debug_key.h"
#include "core/panic.h"
#include "core/printk.h"

static void help_print(void);
static void crash(void);

static struct debug_key crash_key = {.key = 'c',
                                     .what = "panic, with all of its report",
                                     .act = crash,
                                     .at_once = true};
static struct debug_key help_key = {.key = 'h',
                                    .what = "these keys",
                                    .act = help_print,
                                    .at_once = true,
                                    .next = &crash_key};
static struct debug_key *keys = &help_key;

static void help_print(void)
{
    for (const struct debug_key *key = keys; key != NULL; key = key->next)
        printk("  %c  %s\n", key->key, key->what);
}

static void crash(void)
{
    panic("a debug key asked for it");
}

void debug_key_register(struct debug_key *key)
{
    key->next = keys;
    __atomic_store_n(&keys, key, __ATOMIC_RELEASE);
}

void debug_key_report(const struct debug_key *key)
{
    bool quiet = log_set_quiet(false);

    printk("debug key %c: %s\n", key->key, key->what);
    key->act();
    log_set_quiet(quiet);
}

void debug_key_pressed(char pressed)
{
    const struct debug_key *key = keys;

    while (key != NULL && key->key != pressed)
        key = key->next;
    if (key == NULL)
        key = &help_key;
    if (key->at_once)
        debug_key_report(key);
    else
        on_debug_key(key);
}
