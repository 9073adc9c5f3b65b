/*
 * Hardware interrupts: a controller (the I/O APIC, else two 8259s) with its 16
 * lines, a table of handlers, several a line where devices share it; and the
 * vectors of the local APIC.
 *
 * Handlers run with interrupts off, one at a time on a CPU, and never sleep.
 */
#pragma once

#include "x86/trap.h"

#define INTERRUPT_LINES 16

/* `frame` is the interrupted code. Whether its device is the cause is the
 * handler's to find out. */
typedef void interrupt_handler(const struct trap_frame *frame);

/* What can be done with a line's controller. */
struct interrupt_controller {
    void (*open)(u32 line);
    bool (*is_spurious)(u32 line); /* NULL: none ever is */
    void (*end)(u32 line);         /* it has been served */
};

/* Sets both kinds up, all lines closed, and gives the one to be used. */
const struct interrupt_controller *pic_start(void);
const struct interrupt_controller *io_apic_start(void);

/* Chooses the controller. After topology_start. */
void interrupts_start(void);

/* A hardware interrupt arrived: trap.c's share ends here. */
void interrupt_dispatch(struct trap_frame *frame);

/* Adds a handler and opens the line. `line` < INTERRUPT_LINES. */
void interrupt_register(u32 line, interrupt_handler *handler);
