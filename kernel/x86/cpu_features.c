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

struct cpu_features cpu_features;

/* Words of CPUID's leaves 1 and 7 (Intel SDM 2A, CPUID). */
enum { LEAF1_EDX, LEAF7_EBX, LEAF7_ECX };

static const struct {
    u8 word, bit;
    bool *known; /* to others, here; or NULL */
    u32 cr4;     /* the bit that switches it on, or 0 */
    const char *required;
} features[] = {
    {LEAF1_EDX, 0, NULL, 0, "an FPU"},
    {LEAF1_EDX, 3, NULL, CR4_PSE, "4 MiB pages (PSE)"},
    {LEAF1_EDX, 4, NULL, 0, "a time-stamp counter (TSC)"},
    {LEAF1_EDX, 9, &cpu_features.apic, 0, NULL},
    {LEAF1_EDX, 13, &cpu_features.pge, CR4_PGE, NULL},
    {LEAF1_EDX, 24, &cpu_features.fxsr, 0, "FXSAVE (FXSR)"},
    {LEAF1_EDX, 25, &cpu_features.sse, 0, NULL},
    {LEAF7_EBX, 7, &cpu_features.smep, CR4_SMEP, NULL},
    {LEAF7_EBX, 20, &cpu_features.smap, CR4_SMAP, NULL},
    {LEAF7_ECX, 2, &cpu_features.umip, CR4_UMIP, NULL},
};

static u32 cr4_bits; /* of those that are there */

static void read_features(const struct cpuid_result *leaf1)
{
    struct cpuid_result leaf7 = {0};
    if (cpu_identify(0, 0).eax >= 7)
        leaf7 = cpu_identify(7, 0);
    const u32 words[] = {leaf1->edx, leaf7.ebx, leaf7.ecx};
    for (u32 i = 0; i < array_count(features); i++) {
        bool has = words[features[i].word] >> features[i].bit & 1;
        if (!has && features[i].required != NULL)
            halt_with_message("this CPU lacks %s; a Pentium II or newer is "
                              "needed",
                              features[i].required);
        if (features[i].known != NULL)
            *features[i].known = has;
        if (has)
            cr4_bits |= features[i].cr4;
    }
}

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
    read_features(&leaf1);
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
    cr4_write(cr4_read() | cr4_bits);
}
