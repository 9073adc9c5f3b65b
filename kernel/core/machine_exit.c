/*
 * Ports of QEMU's pc and q35 machines. What is not there ignores the write,
 * and the next way is tried; the last one is a CPU that halts for good.
 */
#include "core/machine_exit.h"
#include "core/cpu.h"

#define PORT_DEBUG_EXIT   0xf4
#define PORT_ACPI_CONTROL 0x604 /* PM1a control: sleep enable, type 0 */
#define ACPI_SLEEP_OFF    0x2000
#define PORT_POST         0x80 /* a read does nothing but take a while */
#define POWER_OFF_READS   200000
#define PORT_RESET        0xcf9
#define RESET_HARD        0x06
#define PORT_KEYBOARD     0x64
#define KEYBOARD_RESET    0xfe

static noreturn void halt_forever(void)
{
    cpu_interrupts_disable();
    for (;;)
        cpu_halt();
}

void machine_exit(enum machine_exit_code code)
{
    port_write32(PORT_DEBUG_EXIT, code);
    halt_forever();
}

void machine_power_off(void)
{
    cpu_interrupts_disable();
    port_write16(PORT_ACPI_CONTROL, ACPI_SLEEP_OFF);
    /* The machine obeys a moment later, if it knows this port at all. */
    for (u32 i = 0; i < POWER_OFF_READS; i++)
        port_read8(PORT_POST);
    machine_exit(MACHINE_EXIT_OFF);
}

void machine_restart(void)
{
    port_write8(PORT_RESET, RESET_HARD);
    port_write8(PORT_KEYBOARD, KEYBOARD_RESET);
    halt_forever();
}
