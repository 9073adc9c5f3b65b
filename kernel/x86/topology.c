/*
 * The firmware's tables are hostile until proven: each has a signature, a
 * length and a sum, and every entry's length is checked before it is read.
 */
#include "x86/topology.h"

#include "core/printk.h"
#include "lib/string.h"
#include "x86/cpu_features.h"

#define EXTENDED_AREA  0x40eu   /* its segment, in the BIOS data area */
#define BASE_LAST_KIB  0x9fc00u /* of base memory */
#define BIOS_END       0x100000u
#define SIGNATURE_STEP 16u

struct topology topology;

bool firmware_sum_is_zero(const u8 *bytes, u32 size)
{
    u8 sum = 0;
    for (u32 i = 0; i < size; i++)
        sum += bytes[i];
    return sum == 0;
}

static const u8 *signature_find(const char *signature, u32 size, u32 start,
                                u32 end)
{
    for (u32 place = start; place + size <= end; place += SIGNATURE_STEP) {
        const u8 *bytes = physical_to_virtual(place);
        if (bytes[0] == (u8)signature[0] &&
            memcmp(bytes, signature, strlen(signature)) == 0 &&
            firmware_sum_is_zero(bytes, size))
            return bytes;
    }
    return NULL;
}

const u8 *firmware_find(const char *signature, u32 size, u32 bios_start)
{
    u16 segment;
    memcpy(&segment, physical_to_virtual(EXTENDED_AREA), sizeof(segment));
    u32 area = (u32)segment << 4;
    const u8 *found = NULL;
    if (area >= 0x80000 && area < 0xa0000)
        found = signature_find(signature, size, area, area + KIB);
    if (found == NULL)
        found =
            signature_find(signature, size, BASE_LAST_KIB, BASE_LAST_KIB + KIB);
    if (found == NULL)
        found = signature_find(signature, size, bios_start, BIOS_END);
    return found;
}

void topology_add_cpu(struct topology *found, u8 apic_id)
{
    if (found->cpus_found++ < CPU_MAX)
        found->apic_ids[found->cpu_count++] = apic_id;
}

/* Polarity and trigger are the same bits in ACPI and the MP table; what "as
 * the bus has it" means for ISA is what pins hold already. */
void topology_set_pin(struct topology *found, u32 line, u32 pin, u32 flags)
{
    if (line < INTERRUPT_LINES)
        found->pins[line] = (struct interrupt_pin){
            .pin = (u8)pin,
            .low = (flags & 0x3) == 0x3,
            .level = (flags & 0xc) == 0xc,
        };
}

/* ISA's lines: each at the pin of its number, active high, at the edge. */
static void pins_initialize(struct interrupt_pin *pins)
{
    for (u32 line = 0; line < INTERRUPT_LINES; line++)
        pins[line] = (struct interrupt_pin){.pin = (u8)line};
}

static bool topology_try(bool (*read)(struct topology *found),
                         const char *source)
{
    topology = (struct topology){.source = source};
    pins_initialize(topology.pins);
    return read(&topology) && topology.local_apic != 0 &&
           topology.io_apic != 0 && topology.cpu_count != 0;
}

void topology_start(void)
{
    if (cpu_features.apic && (topology_try(acpi_read, "ACPI") ||
                              topology_try(mp_table_read, "the MP table"))) {
        printk("cpus: %s tells of %u\n", topology.source, topology.cpus_found);
        if (topology.cpus_found > CPU_MAX)
            printk("cpus: only %u of them are used\n", CPU_MAX);
        return;
    }
    topology = (struct topology){.cpu_count = 1, .cpus_found = 1};
    printk("cpus: no table tells of any APIC: one CPU, 8259 controllers\n");
}
