/*
 * The two 8259 controllers of the PC (Intel 8259A data sheet): 16 lines, the
 * second controller behind line 2 of the first. Where there is an I/O APIC
 * they are set up too, so that a stray interrupt of theirs has a vector of its
 * own, and stay masked.
 */
#include "x86/interrupts.h"

#include "core/spinlock.h"

#define FIRST_COMMAND  0x20
#define FIRST_DATA     0x21
#define SECOND_COMMAND 0xa0
#define SECOND_DATA    0xa1

#define COMMAND_INITIALIZE      0x11 /* ICW1: four words follow */
#define COMMAND_END             0x20 /* non-specific end of interrupt */
#define COMMAND_READ_IN_SERVICE 0x0b
#define MODE_8086               0x01
#define CASCADE_LINE            2
#define SPURIOUS_LINE           7 /* of either controller */

static u16 masked; /* interrupts.c's lock */

static void mask_write(void)
{
    port_write8(FIRST_DATA, (u8)masked);
    port_write8(SECOND_DATA, (u8)(masked >> 8));
}

static void controller_start(u16 command, u16 data, u8 vector, u8 cascade)
{
    port_write8(command, COMMAND_INITIALIZE);
    port_write8(data, vector);
    port_write8(data, cascade);
    port_write8(data, MODE_8086);
}

static void pic_open(u32 line)
{
    masked &= (u16) ~(1u << line);
    mask_write();
}

/* A request that went away before the CPU asked which it was shows up as
 * line 7 of its controller, without being in service. */
static bool pic_is_spurious(u32 line)
{
    u16 command = line < 8 ? FIRST_COMMAND : SECOND_COMMAND;

    if (line % 8 != SPURIOUS_LINE)
        return false;
    port_write8(command, COMMAND_READ_IN_SERVICE);
    if (port_read8(command) & 1 << SPURIOUS_LINE)
        return false;
    if (line >= 8)
        port_write8(FIRST_COMMAND, COMMAND_END); /* the cascade was real */
    return true;
}

static void pic_end(u32 line)
{
    if (line >= 8)
        port_write8(SECOND_COMMAND, COMMAND_END);
    port_write8(FIRST_COMMAND, COMMAND_END);
}

static const struct interrupt_controller pic = {
    .open = pic_open,
    .is_spurious = pic_is_spurious,
    .end = pic_end,
};

const struct interrupt_controller *pic_start(void)
{
    controller_start(FIRST_COMMAND, FIRST_DATA, TRAP_INTERRUPT_BASE,
                     1 << CASCADE_LINE);
    controller_start(SECOND_COMMAND, SECOND_DATA, TRAP_INTERRUPT_BASE + 8,
                     CASCADE_LINE);
    masked = (u16) ~(1u << CASCADE_LINE);
    mask_write();
    return &pic;
}
