/*
 * A line is masked until its first handler is registered. The controller is
 * told that an interrupt is over after its handlers have run: the devices of
 * PCI lines ask by level, and have stopped asking by then.
 */
#include "x86/interrupts.h"

#include "core/panic.h"
#include "core/spinlock.h"
#include "x86/local_apic.h"
#include "x86/page_table.h"
#include "x86/tick.h"
#include "x86/topology.h"

#define CASCADE_LINE     2
#define LINE_SHARERS_MAX 7

static struct spinlock lock = SPINLOCK_INITIALIZER(RANK_INTERRUPT_CONTROLLER);
/* Of each line, up to the first NULL; rows only grow. */
static interrupt_handler *handlers[INTERRUPT_LINES][LINE_SHARERS_MAX + 1];
static const struct interrupt_controller *controller;

void interrupts_start(void)
{
    controller = pic_start();
    if (topology.io_apic != 0)
        controller = io_apic_start();
}

void interrupt_register(u32 line, interrupt_handler *handler)
{
    assert(line < INTERRUPT_LINES && line != CASCADE_LINE);
    spin_lock(&lock);
    u32 sharers = 0;
    while (handlers[line][sharers] != NULL)
        sharers++;
    assert(sharers < LINE_SHARERS_MAX);
    handlers[line][sharers] = handler;
    controller->open(line);
    spin_unlock(&lock);
}

static void line_serve(u32 line, const struct trap_frame *frame)
{
    if (controller->is_spurious && unlikely(controller->is_spurious(line)))
        return;
    for (interrupt_handler **each = handlers[line]; *each != NULL; each++)
        (*each)(frame);
    controller->end(line);
}

/* A wish for a switch needs no work here: the way out of every interrupt
 * looks for it. */
static void local_serve(const struct trap_frame *frame)
{
    if (frame->vector == TRAP_LOCAL_SPURIOUS)
        return;
    if (frame->vector == TRAP_LOCAL_TIMER)
        tick_arrived(frame);
    else if (frame->vector == TRAP_LOCAL_FLUSH)
        tlb_serve();
    local_apic_end();
}

void interrupt_dispatch(struct trap_frame *frame)
{
    struct cpu *cpu = this_cpu();
    u32 line = frame->vector - TRAP_INTERRUPT_BASE;

    cpu->interrupted = frame;
    cpu->interrupts++;
    cpu->interrupt_depth++;
    if (line < INTERRUPT_LINES)
        line_serve(line, frame);
    else
        local_serve(frame);
    cpu->interrupt_depth--;
}
