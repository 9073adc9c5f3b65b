/*
 * The local APIC: each CPU's own interrupt controller, its way to interrupt
 * other CPUs, and its timer (Intel SDM 3A, chapter 11).
 *
 * Every CPU sees its own at one physical address, mapped once. Where the
 * machine has none, `local_apic_present` is false and nothing here is called.
 */
#pragma once

#include "core/percpu.h"

struct tick_source;

extern bool local_apic_present;

/* Maps it and enables this CPU's: the one that boots. After topology_start,
 * and before clock_start: meanwhile its timer is measured. */
void local_apic_start(void);
/* Enables the one of a CPU that has just started. */
void local_apic_start_cpu(void);

/* Tells it that the interrupt has been served. */
void local_apic_end(void);

/* Interrupts another CPU, with a vector or by one of these commands. The last
 * two start it: reset; then run real-mode code at the start of a page below
 * 1 MiB, whose number is added to the command. Any context. */
#define LOCAL_APIC_NMI   0x400u
#define LOCAL_APIC_RESET 0x500u
#define LOCAL_APIC_START 0x600u
void local_apic_send(const struct cpu *target, u32 command);

/* Its timer, NULL where there is none. After clock_start. */
const struct tick_source *local_apic_tick_source(void);

/* The number by which other CPUs name this one. */
u32 local_apic_id(void);
