/*
 * PCI configuration space through ports 0xcf8 and 0xcfc.
 *
 * The walk starts at bus 0 and goes through bridges to the buses that the
 * firmware numbered; bus numbers grow on the way down, so it ends. On a
 * machine without PCI every read gives all ones, which is nobody's vendor.
 */
#include "drivers/pci.h"
#include "core/cpu.h"
#include "core/spinlock.h"

#define CONFIG_ADDRESS 0xcf8
#define CONFIG_DATA    0xcfc
#define CONFIG_ENABLE  0x80000000u

#define OFFSET_IDENTITY  0x00
#define OFFSET_COMMAND   0x04
#define OFFSET_CLASS     0x08
#define OFFSET_HEADER    0x0c
#define OFFSET_BASES     0x10
#define OFFSET_BUSES     0x18 /* of a bridge */
#define OFFSET_INTERRUPT 0x3c
#define COMMAND_IO       1u
#define COMMAND_MEMORY   2u
#define COMMAND_MASTER   4u
#define HEADER_MULTIPLE  0x00800000u
#define CLASS_BRIDGE     6
#define SUBCLASS_PCI     4
#define BASE_IS_IO       1u
#define NOBODY           0xffff
#define SLOTS            32
#define FUNCTIONS        8

/* The address port and the data port are one resource. */
static struct spinlock lock = SPINLOCK_INITIALIZER(RANK_DRIVER);

static u32 config_address(const struct pci_device *device, u8 offset)
{
    return CONFIG_ENABLE | (u32)device->bus << 16 | (u32)device->slot << 11 |
           (u32)device->function << 8 | (offset & 0xfc);
}

u32 pci_read(const struct pci_device *device, u8 offset)
{
    spin_lock(&lock);
    port_write32(CONFIG_ADDRESS, config_address(device, offset));
    u32 value = port_read32(CONFIG_DATA);

    spin_unlock(&lock);
    return value;
}

void pci_write(const struct pci_device *device, u8 offset, u32 value)
{
    spin_lock(&lock);
    port_write32(CONFIG_ADDRESS, config_address(device, offset));
    port_write32(CONFIG_DATA, value);
    spin_unlock(&lock);
}

struct walk {
    bool (*visit)(const struct pci_device *device, void *context);
    void *context;
    bool stopped;
};

static bool device_read(struct pci_device *device)
{
    u32 identity = pci_read(device, OFFSET_IDENTITY);
    u32 class = pci_read(device, OFFSET_CLASS);

    device->vendor = (u16)identity;
    device->device = (u16)(identity >> 16);
    device->class = (u8)(class >> 24);
    device->subclass = (u8)(class >> 16);
    device->line = (u8)pci_read(device, OFFSET_INTERRUPT);
    return device->vendor != NOBODY;
}

static void bus_walk(u8 bus, struct walk *walk);

static void device_visit(const struct pci_device *device, struct walk *walk)
{
    if (!walk->visit(device, walk->context)) {
        walk->stopped = true;
        return;
    }
    if (device->class != CLASS_BRIDGE || device->subclass != SUBCLASS_PCI)
        return;
    u8 behind = (u8)(pci_read(device, OFFSET_BUSES) >> 8);
    if (behind > device->bus)
        bus_walk(behind, walk);
}

static void slot_walk(u8 bus, u8 slot, struct walk *walk)
{
    struct pci_device device = {.bus = bus, .slot = slot};

    if (!device_read(&device))
        return;
    u32 functions =
        pci_read(&device, OFFSET_HEADER) & HEADER_MULTIPLE ? FUNCTIONS : 1;
    for (u32 i = 0; i < functions && !walk->stopped; i++) {
        device.function = (u8)i;
        if (device_read(&device))
            device_visit(&device, walk);
    }
}

static void bus_walk(u8 bus, struct walk *walk)
{
    for (u8 slot = 0; slot < SLOTS && !walk->stopped; slot++)
        slot_walk(bus, slot, walk);
}

void pci_for_each(bool (*visit)(const struct pci_device *device, void *context),
                  void *context)
{
    struct walk walk = {.visit = visit, .context = context};

    bus_walk(0, &walk);
}

struct search {
    u16 vendor, device;
    struct pci_device *found;
    bool success;
};

static bool search_visit(const struct pci_device *device, void *context)
{
    struct search *search = context;

    search->success =
        device->vendor == search->vendor && device->device == search->device;
    if (search->success)
        *search->found = *device;
    return !search->success;
}

bool pci_find(u16 vendor, u16 device, struct pci_device *found)
{
    struct search search = {vendor, device, found, false};

    pci_for_each(search_visit, &search);
    return search.success;
}

u16 pci_io_base(const struct pci_device *device, u32 index)
{
    u32 base = pci_read(device, (u8)(OFFSET_BASES + 4 * index));

    return base & BASE_IS_IO ? (u16)(base & ~3u) : 0;
}

void pci_enable(const struct pci_device *device)
{
    u32 command = pci_read(device, OFFSET_COMMAND) & 0xffff;

    pci_write(device, OFFSET_COMMAND,
              command | COMMAND_IO | COMMAND_MEMORY | COMMAND_MASTER);
}
