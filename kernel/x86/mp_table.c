/*
 * The MP table of machines before ACPI (Intel MultiProcessor Specification
 * 1.4, chapter 4): CPUs, one I/O APIC, and which ISA line arrives at which of
 * its pins. The default configurations, which have no table, are not read.
 */
#include "x86/topology.h"

#include "lib/string.h"

#define POINTER_SIZE   16u
#define BIOS_START     0xf0000u
#define LOW_MEMORY_END 0x100000u

struct mp_pointer {
    char signature[4];
    u32 table; /* 0: a default configuration */
    u8 length, revision, sum, features[5];
} __attribute__((packed));

struct mp_table {
    char signature[4];
    u16 length;
    u8 revision, sum;
    char maker[8], product[12];
    u32 maker_table;
    u16 maker_table_size, entry_count;
    u32 local_apic;
    u16 extended_length;
    u8 extended_sum, reserved;
} __attribute__((packed));

enum { MP_CPU = 0, MP_BUS = 1, MP_IO_APIC = 2, MP_INTERRUPT = 3 };

#define CPU_ENTRY_SIZE   20u
#define OTHER_ENTRY_SIZE 8u
#define USABLE           1u /* a CPU's or an I/O APIC's flags */
#define BUS_MAX          32u

struct mp_entry {
    u8 type;
    union {
        struct {
            u8 apic_id, version, flags;
        } __attribute__((packed)) cpu;
        struct {
            u8 id;
            char name[6];
        } __attribute__((packed)) bus;
        struct {
            u8 id, version, flags;
            u32 address;
        } __attribute__((packed)) io_apic;
        struct {
            u8 kind; /* 0: an ordinary interrupt */
            u16 flags;
            u8 bus, line, io_apic, pin;
        } __attribute__((packed)) interrupt;
    };
} __attribute__((packed));

static const struct mp_table *table_find(void)
{
    const u8 *found = firmware_find("_MP_", POINTER_SIZE, BIOS_START);
    if (found == NULL)
        return NULL;
    u32 address = ((const struct mp_pointer *)found)->table;
    if (address == 0 || address > LOW_MEMORY_END - sizeof(struct mp_table))
        return NULL;
    const struct mp_table *table = physical_to_virtual(address);
    if (memcmp(table->signature, "PCMP", 4) != 0 ||
        table->length < sizeof(*table) ||
        table->length > LOW_MEMORY_END - address ||
        !firmware_sum_is_zero((const u8 *)table, table->length))
        return NULL;
    return table;
}

static void entry_read(struct topology *found, const struct mp_entry *entry,
                       u32 *isa_buses)
{
    if (entry->type == MP_CPU && entry->cpu.flags & USABLE)
        topology_add_cpu(found, entry->cpu.apic_id);
    else if (entry->type == MP_BUS && entry->bus.id < BUS_MAX &&
             memcmp(entry->bus.name, "ISA", 3) == 0)
        *isa_buses |= 1u << entry->bus.id;
    else if (entry->type == MP_IO_APIC && entry->io_apic.flags & USABLE &&
             found->io_apic == 0)
        found->io_apic = entry->io_apic.address;
    else if (entry->type == MP_INTERRUPT && entry->interrupt.bus < BUS_MAX &&
             *isa_buses & 1u << entry->interrupt.bus &&
             entry->interrupt.kind == 0)
        topology_set_pin(found, entry->interrupt.line, entry->interrupt.pin,
                         entry->interrupt.flags);
}

bool mp_table_read(struct topology *found)
{
    const struct mp_table *table = table_find();
    if (table == NULL)
        return false;
    found->local_apic = table->local_apic;
    const u8 *place = (const u8 *)(table + 1);
    const u8 *end = (const u8 *)table + table->length;
    u32 isa_buses = 0;
    for (u32 i = 0; i < table->entry_count; i++) {
        u32 size = place[0] == MP_CPU ? CPU_ENTRY_SIZE : OTHER_ENTRY_SIZE;
        if (place + size > end)
            return false;
        entry_read(found, (const struct mp_entry *)place, &isa_buses);
        place += size;
    }
    return true;
}
