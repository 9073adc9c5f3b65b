/*
 * The I/O APIC (Intel 82093AA data sheet): a row for each of its pins says
 * which vector goes to which CPU. All go to the CPU that boots. A row is two
 * registers, reached through an index and a window, so it is written masked
 * first and opened last.
 */
#include "x86/interrupts.h"

#include "core/panic.h"
#include "x86/local_apic.h"
#include "x86/page_table.h"
#include "x86/topology.h"

#define WINDOW_SIZE  0x20u
#define INDEX        (0x00 / 4)
#define WINDOW       (0x10 / 4)
#define VERSION      1u
#define ROW(pin)     (0x10u + 2 * (pin))
#define ROW_NMI      0x400u
#define ROW_LOW      0x2000u /* active low */
#define ROW_LEVEL    0x8000u
#define ROW_MASKED   0x10000u
#define TARGET_SHIFT 24

static volatile u32 *registers; /* interrupts.c's lock */
static u32 pin_count;

static u32 register_read(u32 number)
{
    registers[INDEX] = number;
    return registers[WINDOW];
}

static void register_write(u32 number, u32 value)
{
    registers[INDEX] = number;
    registers[WINDOW] = value;
}

static void io_apic_open(u32 line)
{
    const struct interrupt_pin *pin = &topology.pins[line];

    assert(pin->pin < pin_count);
    u32 row = (pin->nmi ? ROW_NMI : TRAP_INTERRUPT_BASE + line) |
              (pin->low ? ROW_LOW : 0) | (pin->level ? ROW_LEVEL : 0);
    register_write(ROW(pin->pin) + 1, topology.boot_apic_id << TARGET_SHIFT);
    register_write(ROW(pin->pin), row);
}

static void io_apic_end(u32 line)
{
    local_apic_end();
}

static const struct interrupt_controller io_apic = {
    .open = io_apic_open,
    .end = io_apic_end,
};

const struct interrupt_controller *io_apic_start(void)
{
    registers = device_map(topology.io_apic, WINDOW_SIZE);
    assert(registers != NULL);
    pin_count = (register_read(VERSION) >> 16 & 0xff) + 1;
    for (u32 pin = 0; pin < pin_count; pin++)
        register_write(ROW(pin), ROW_MASKED);
    return &io_apic;
}
