/*
 * The first serial line (COM1, a 16550): the kernel's log, and the terminal
 * "ttyS0", which is the console unless the command line says otherwise.
 */
#pragma once

#include "lib/types.h"

/* The very first step of the boot: from now on printk can be read. */
void serial_start_early(void);

/* The terminal, driven by interrupts. */
void serial_start(void);
