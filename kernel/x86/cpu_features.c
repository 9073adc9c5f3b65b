/*
 * What the CPU can do, asked once of CPUID (boot/entry.asm has seen that CPUID
 * and conditional moves are there, before any C could run); and the two
 * features that change code or control registers: SMAP's instruction sites and
 * CR4.
 */
#include "x86/cpu_features.h"

#include "core/cpu.h"
#include "core/panic.h"
#include "lib/string.h"

/* CPUID leaf 1, EDX (Intel SDM 2A, CPUID). */
#define FEATURE_FPU  (1u << 0)
#define FEATURE_PSE  (1u << 3)
#define FEATURE_TSC  (1u << 4)
#define FEATURE_APIC (1u << 9)
#define FEATURE_PGE  (1u << 13)
#define FEATURE_FXSR (1u << 24)
#define FEATURE_SSE  (1u << 25)
/* Leaf 7. */
#define FEATURE7_EBX_SMEP (1u << 7)
#define FEATURE7_EBX_SMAP (1u << 20)
#define FEATURE7_ECX_UMIP (1u << 2)

struct cpu_features cpu_features;

static const struct {
    u32 bit;
    const char *name;
} required[] = {
    {FEATURE_FPU, "an FPU"},
    {FEATURE_PSE, "4 MiB pages (PSE)"},
    {FEATURE_TSC, "a time-stamp counter (TSC)"},
    {FEATURE_FXSR, "FXSAVE (FXSR)"},
};

static void read_model(const struct cpuid_result *leaf1)
{
    u32 family = leaf1->eax >> 8 & 0xf;
    cpu_features.model_number = leaf1->eax >> 4 & 0xf;
    if (family == 6 || family == 15)
        cpu_features.model_number |= (leaf1->eax >> 16 & 0xf) << 4;
    if (family == 15)
        family += leaf1->eax >> 20 & 0xff;
    cpu_features.family = family;
    cpu_features.stepping = leaf1->eax & 0xf;
}

static void read_names(void)
{
    struct cpuid_result leaf0 = cpu_identify(0, 0);
    memcpy(cpu_features.vendor, &leaf0.ebx, 4);
    memcpy(cpu_features.vendor + 4, &leaf0.edx, 4);
    memcpy(cpu_features.vendor + 8, &leaf0.ecx, 4);
    string_copy(cpu_features.model, "unnamed", sizeof(cpu_features.model));
    if (cpu_identify(0x80000000u, 0).eax < 0x80000004u)
        return;
    for (u32 i = 0; i < 3; i++) {
        struct cpuid_result part = cpu_identify(0x80000002u + i, 0);
        memcpy(cpu_features.model + 16 * i, &part, 16);
    }
}

void cpu_features_start(void)
{
    struct cpuid_result leaf1 = cpu_identify(1, 0);
    for (u32 i = 0; i < array_count(required); i++)
        if (!(leaf1.edx & required[i].bit))
            halt_with_message("this CPU lacks %s; a Pentium II or newer is "
                              "needed",
                              required[i].name);
    cpu_features.apic = leaf1.edx & FEATURE_APIC;
    cpu_features.pge = leaf1.edx & FEATURE_PGE;
    cpu_features.fxsr = leaf1.edx & FEATURE_FXSR;
    cpu_features.sse = leaf1.edx & FEATURE_SSE;
    if (cpu_identify(0, 0).eax >= 7) {
        struct cpuid_result leaf7 = cpu_identify(7, 0);
        cpu_features.smep = leaf7.ebx & FEATURE7_EBX_SMEP;
        cpu_features.smap = leaf7.ebx & FEATURE7_EBX_SMAP;
        cpu_features.umip = leaf7.ecx & FEATURE7_ECX_UMIP;
    }
    read_model(&leaf1);
    read_names();
}

void smap_sites_patch(void)
{
    if (!cpu_features.smap)
        return;
    for (struct smap_site *site = smap_sites_start; site < smap_sites_end;
         site++) {
        site->code[0] = 0x0f;
        site->code[1] = 0x01;
        site->code[2] = (u8)site->last_byte;
    }
}

void cpu_features_enable(void)
{
    u32 cr4 = cr4_read() | CR4_PSE;
    if (cpu_features.pge)
        cr4 |= CR4_PGE;
    if (cpu_features.smep)
        cr4 |= CR4_SMEP;
    if (cpu_features.smap)
        cr4 |= CR4_SMAP;
    if (cpu_features.umip)
        cr4 |= CR4_UMIP;
    cr4_write(cr4);
}
