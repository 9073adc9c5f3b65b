/*
 * PCI configuration space through ports 0xcf8 and 0xcfc.
 *
 * The search starts at bus 0 and goes through bridges to the buses that the
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

static u32 pci_read(const struct pci_device *device, u8 offset)
{
    spin_lock(&lock);
    port_write32(CONFIG_ADDRESS, config_address(device, offset));
    u32 value = port_read32(CONFIG_DATA);

    spin_unlock(&lock);
    return value;
}

static void pci_write(const struct pci_device *device, u8 offset, u32 value)
{
    spin_lock(&lock);
    port_write32(CONFIG_ADDRESS, config_address(device, offset));
    port_write32(CONFIG_DATA, value);
    spin_unlock(&lock);
}

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

static bool bus_find(u8 bus, u16 vendor, u16 number, struct pci_device *found);

/* It, or what stands behind it where it is a bridge. */
static bool function_find(const struct pci_device *device, u16 vendor,
                          u16 number, struct pci_device *found)
{
    if (device->vendor == vendor && device->device == number) {
        *found = *device;
        return true;
    }
    if (device->class != CLASS_BRIDGE || device->subclass != SUBCLASS_PCI)
        return false;
    u8 behind = (u8)(pci_read(device, OFFSET_BUSES) >> 8);
    return behind > device->bus && bus_find(behind, vendor, number, found);
}

static bool slot_find(struct pci_device *device, u16 vendor, u16 number,
                      struct pci_device *found)
{
    if (!device_read(device))
        return false;
    u32 functions =
        pci_read(device, OFFSET_HEADER) & HEADER_MULTIPLE ? FUNCTIONS : 1;
    for (; device->function < functions; device->function++)
        if (device_read(device) && function_find(device, vendor, number, found))
            return true;
    return false;
}

static bool bus_find(u8 bus, u16 vendor, u16 number, struct pci_device *found)
{
    for (u8 slot = 0; slot < SLOTS; slot++) {
        struct pci_device device = {.bus = bus, .slot = slot};
        if (slot_find(&device, vendor, number, found))
            return true;
    }
    return false;
}

bool pci_find(u16 vendor, u16 device, struct pci_device *found)
{
    return bus_find(0, vendor, device, found);
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
