/*
 * The switch of threads: a dozen instructions in x86/switch.asm.
 */
#pragma once

#include "x86/trap.h"

/* Saves the callee-saved registers and the stack pointer in *save, goes on
 * with the stack pointer `next`; returns when somebody switches back.
 * Interrupts off, run queue locked. */
by_registers void context_switch(u32 *save, u32 next);

/* Prepares a new stack so that the first switch to it calls
 * function(argument) with interrupts off, the run queue locked. `top` is the
 * first address above the usable part. Returns the stack pointer to switch
 * to. The function must not return. */
u32 context_prepare(u32 top, by_registers void (*function)(void *argument),
                    void *argument);

/* Leaves the kernel through the trap frame at the top of the current stack:
 * for the first entry of a thread into user code. Interrupts off. */
noreturn by_registers void trap_return(struct trap_frame *frame);
