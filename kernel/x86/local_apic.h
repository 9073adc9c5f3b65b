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

/* Interrupts another CPU with this vector. Any context. */
void local_apic_send(const struct cpu *target, u32 vector);
/* A non-maskable interrupt to another CPU, or to all but this one. */
void local_apic_send_nmi(const struct cpu *target);
void local_apic_send_nmi_all(void);

/* The two steps that start a CPU: reset; then run real-mode code at
 * `address`, a page below 1 MiB. */
void local_apic_send_reset(const struct cpu *target);
void local_apic_send_start(const struct cpu *target, physical_address address);

/* Its timer, NULL where there is none. After clock_start. */
const struct tick_source *local_apic_tick_source(void);

/* The number by which other CPUs name this one. */
u32 local_apic_id(void);
