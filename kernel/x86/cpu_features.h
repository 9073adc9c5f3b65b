/*
 * What the CPU can do, asked once of CPUID. A missing feature that the
 * kernel cannot do without ends the boot in one sentence.
 */
#pragma once

#include "lib/types.h"

struct cpu_features {
    bool pge, fxsr, sse, smep, smap, umip, apic;
    char vendor[13];
    char model[49]; /* brand string, or family and model */
    u32 family, model_number, stepping;
};

extern struct cpu_features cpu_features;

void cpu_features_start(void);

/* One place in assembly that becomes STAC or CLAC (x86/smap.inc). */
struct smap_site {
    u8 *code;
    u32 last_byte;
};
extern struct smap_site smap_sites_start[], smap_sites_end[];

/* Puts SMAP's instructions in where the CPU has them: once, before the
 * kernel's text becomes read-only. */
void smap_sites_patch(void);

/* Sets this CPU's CR4: large and global pages, SMEP, SMAP, UMIP. */
void cpu_features_enable(void);
