/*
 * Ending the machine: QEMU's debug-exit port, ACPI power-off, halt.
 * Values are written to the debug-exit port; QEMU then ends with status
 * (value << 1) | 1. Without that device the CPU halts for good.
 */
#pragma once

#include "lib/types.h"

enum machine_exit_code {
    MACHINE_EXIT_PASS = 0x10,
    MACHINE_EXIT_FAIL = 0x11,
    MACHINE_EXIT_PANIC = 0x12,
    MACHINE_EXIT_WATCHDOG = 0x13,
    MACHINE_EXIT_OFF = 0x18,
};

noreturn void machine_exit(enum machine_exit_code code);
noreturn void machine_power_off(void);
noreturn void machine_restart(void);
