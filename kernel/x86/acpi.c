/*
 * ACPI's Multiple APIC Description Table (ACPI specification 6, 5.2.5 and
 * 5.2.12): from the root pointer to the root table, from there to the table
 * with signature APIC. The tables may lie past the direct map, so each is
 * mapped by itself, first its header, then the whole.
 */
#include "x86/topology.h"

#include "lib/string.h"
#include "x86/page_table.h"

#define ROOT_POINTER_SIZE 20u
#define BIOS_START        0xe0000u
#define TABLE_MAX         (64 * KIB)

struct root_pointer {
    char signature[8];
    u8 sum;
    char maker[6];
    u8 revision;
    u32 root_table;
} __attribute__((packed));

struct table_header {
    char signature[4];
    u32 length;
    u8 revision, sum;
    char maker[6], maker_table[8];
    u32 maker_revision, creator, creator_revision;
} __attribute__((packed));

struct madt {
    struct table_header header;
    u32 local_apic;
    u32 flags;
} __attribute__((packed));

enum { MADT_CPU = 0, MADT_IO_APIC = 1, MADT_OVERRIDE = 2 };

struct madt_entry {
    u8 type, length;
    union {
        struct {
            u8 processor, apic_id;
            u32 flags; /* bit 0: enabled */
        } __attribute__((packed)) cpu;
        struct {
            u8 id, reserved;
            u32 address, first_interrupt;
        } __attribute__((packed)) io_apic;
        struct {
            u8 bus, line;
            u32 interrupt;
            u16 flags;
        } __attribute__((packed)) override;
    };
} __attribute__((packed));

/* The whole table at this address if it is one; NULL if not. */
static const struct table_header *table_map(physical_address address)
{
    const struct table_header *header = device_map(address, sizeof(*header));
    if (header == NULL || header->length < sizeof(*header) ||
        header->length > TABLE_MAX)
        return NULL;
    u32 length = header->length;
    header = device_map(address, length);
    if (header == NULL || header->length != length ||
        !firmware_sum_is_zero((const u8 *)header, length))
        return NULL;
    return header;
}

static const struct table_header *root_table(void)
{
    const u8 *found = firmware_find("RSD PTR ", ROOT_POINTER_SIZE, BIOS_START);
    return found != NULL
               ? table_map(((const struct root_pointer *)found)->root_table)
               : NULL;
}

static const struct madt *madt_find(void)
{
    const struct table_header *root = root_table();
    if (root == NULL)
        return NULL;
    u32 count = (root->length - sizeof(*root)) / sizeof(u32);
    for (u32 i = 0; i < count; i++) {
        u32 address;
        memcpy(&address, (const u8 *)(root + 1) + i * sizeof(u32),
               sizeof(address));
        const struct table_header *table = table_map(address);
        if (table && memcmp(table->signature, "APIC", 4) == 0 &&
            table->length >= sizeof(struct madt))
            return (const struct madt *)table;
    }
    return NULL;
}

static void entry_read(struct topology *found, const struct madt_entry *entry)
{
    u32 body = entry->length - 2;
    if (entry->type == MADT_CPU && body >= sizeof(entry->cpu)) {
        if (entry->cpu.flags & 1)
            topology_add_cpu(found, entry->cpu.apic_id);
    } else if (entry->type == MADT_IO_APIC && body >= sizeof(entry->io_apic)) {
        if (entry->io_apic.first_interrupt == 0)
            found->io_apic = entry->io_apic.address;
    } else if (entry->type == MADT_OVERRIDE &&
               body >= sizeof(entry->override)) {
        topology_set_pin(found, entry->override.line, entry->override.interrupt,
                         entry->override.flags);
    }
}

bool acpi_read(struct topology *found)
{
    const struct madt *madt = madt_find();
    if (madt == NULL)
        return false;
    found->local_apic = madt->local_apic;
    const u8 *place = (const u8 *)(madt + 1);
    const u8 *end = (const u8 *)madt + madt->header.length;
    while (place + 2 <= end && place[1] >= 2 && place + place[1] <= end) {
        entry_read(found, (const struct madt_entry *)place);
        place += place[1];
    }
    return true;
}
