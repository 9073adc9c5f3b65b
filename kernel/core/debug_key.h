/*
 * Keys that make the kernel report, whatever its programs do: on a serial
 * line a break and then the key (in QEMU's terminal Ctrl-A b), on a keyboard
 * Alt, SysRq and the key. `h` lists them.
 */
#pragma once

#include "lib/types.h"

struct debug_key {
    char key;
    const char *what;  /* it shows or does */
    void (*act)(void); /* reports by printk, shown though the log is quiet */
    bool at_once;      /* in interrupt context; else by a thread, soon */
    struct debug_key *next;
};

/* While booting: keys are never taken back. */
void debug_key_register(struct debug_key *key);

/* Somebody has pressed it. Interrupt context, nothing held. */
void debug_key_pressed(char key);

/* Defined by sched/: has a thread call debug_key_report. */
void on_debug_key(const struct debug_key *key);
void debug_key_report(const struct debug_key *key);
