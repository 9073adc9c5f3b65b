/*
 * Which CPUs and interrupt controllers the machine has, as its firmware tells:
 * by ACPI's MADT, else by the older MP table, else nothing is known and the
 * machine is taken for one CPU with two 8259 controllers.
 *
 * Written while booting, then only read.
 */
#pragma once

#include "core/layout.h"
#include "x86/interrupts.h"

/* Where a line of the 8259 arrives at the I/O APIC, and how it asks. */
struct interrupt_pin {
    u8 pin;
    bool low;   /* active low, else high */
    bool level; /* for as long as it is asked, else at the edge */
    bool nmi;   /* interrupts even where interrupts are off */
};

struct topology {
    physical_address local_apic; /* every CPU's own; 0: use no APIC at all */
    physical_address io_apic;
    u32 cpu_count; /* CPUs below, the first of CPU_MAX */
    u32 cpus_found;
    u8 apic_ids[CPU_MAX];
    u32 boot_apic_id; /* of the CPU that boots: devices interrupt it */
    struct interrupt_pin pins[INTERRUPT_LINES];
    const char *source; /* who told */
};

extern struct topology topology;

/* Asks the firmware. After page_tables_start. */
void topology_start(void);

/* For the two readers: fill in `found` and return true, or return false when
 * there is no such table or it is broken. */
bool acpi_read(struct topology *found);
bool mp_table_read(struct topology *found);

/* For them: where `signature` begins a block of `size` bytes that sum up to 0,
 * at a multiple of 16 in the first KiB of the extended BIOS data area, in the
 * last one of base memory, or from `bios_start` to 1 MiB; NULL if nowhere. */
const u8 *firmware_find(const char *signature, u32 size, u32 bios_start);
/* Whether the bytes sum up to 0 modulo 256, as firmware tables do. */
bool firmware_sum_is_zero(const u8 *bytes, u32 size);
void topology_add_cpu(struct topology *found, u8 apic_id);
/* A line of the 8259 arrives at this pin; flags as in a MADT's override. */
void topology_set_pin(struct topology *found, u32 line, u32 pin, u32 flags);
