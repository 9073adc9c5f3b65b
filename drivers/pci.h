/*
 * PCI devices by configuration mechanism 1 (PCI Local Bus Specification 3.0,
 * 3.2.2.3). Addresses and interrupt lines are taken as the firmware set them.
 */
#pragma once

#include "lib/types.h"

struct pci_device {
    u8 bus, slot, function;
    u16 vendor, device;
    u8 class, subclass;
    u8 line; /* its interrupt line, 255: none */
};

/* The first device of this vendor and number, behind any bridge. */
bool pci_find(u16 vendor, u16 device, struct pci_device *found);

/* The I/O ports of a base address register, 0 when it isn't of that kind. */
u16 pci_io_base(const struct pci_device *device, u32 index);

/* Lets it answer on its ports and addresses, and reach memory by itself. */
void pci_enable(const struct pci_device *device);
