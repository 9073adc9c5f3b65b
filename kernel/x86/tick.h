/*
 * The tick: an interrupt a millisecond on each CPU, from its local APIC's
 * timer, or on a machine without APICs from the PIT. An idle CPU needs none:
 * it asks for a single one, when its next timer is due.
 */
#pragma once

#include "x86/clock.h"
#include "x86/trap.h"

/* A timer that interrupts the CPU it belongs to. Interrupts off. */
struct tick_source {
    void (*repeat)(void);    /* every tick from now on */
    void (*once)(u32 ticks); /* once, after 1 .. ticks_max ticks */
    u32 ticks_max;
};

/* The PIT as such a source. */
const struct tick_source *pit_tick_source(void);

/* Chooses the source and starts the ticks of the CPU that boots. After
 * local_apic_start. */
void tick_start(void);
/* Starts those of a CPU that has just started. */
void tick_start_cpu(void);

/* The source's interrupt. */
void tick_arrived(const struct trap_frame *frame);

/* For the idle CPU, interrupts off: no tick before clock_nanoseconds() reaches
 * `deadline` (0: as late as can be), if that is worth it; and ticks again. */
void tick_pause(u64 deadline);
void tick_resume(void);
