/*
 * The processor context: what a trap saves of the interrupted code, in the
 * order in which x86/entry.asm pushes it.
 */
#pragma once

#include "lib/types.h"

struct trap_frame {
    /* pusha */
    u32 edi, esi, ebp, unused_esp, ebx, edx, ecx, eax;
    u32 es, ds;
    u32 vector;
    u32 error; /* the CPU's error code, else 0 */
    /* pushed by the CPU */
    u32 eip, cs, eflags;
    /* only when the trap came from user code */
    u32 esp, ss;
};

enum trap_vector {
    TRAP_DIVIDE = 0,
    TRAP_DEBUG = 1,
    TRAP_NMI = 2,
    TRAP_BREAKPOINT = 3,
    TRAP_OVERFLOW = 4,
    TRAP_BOUND = 5,
    TRAP_INVALID_OPCODE = 6,
    TRAP_NO_FPU = 7,
    TRAP_DOUBLE_FAULT = 8,
    TRAP_INVALID_TSS = 10,
    TRAP_NO_SEGMENT = 11,
    TRAP_STACK_FAULT = 12,
    TRAP_PROTECTION = 13,
    TRAP_PAGE_FAULT = 14,
    TRAP_PANIC = 15, /* no CPU's: the context of who called panic */
    TRAP_FPU = 16,
    TRAP_ALIGNMENT = 17,
    TRAP_MACHINE_CHECK = 18,
    TRAP_SIMD = 19,
    TRAP_BAD_RETURN = 31, /* of no CPU: IRET refused what user code gave it */
    TRAP_INTERRUPT_BASE = 0x20, /* hardware interrupts 0..15 */
    TRAP_LOCAL_TIMER = 0x30,    /* of the local APIC */
    TRAP_LOCAL_SWITCH = 0x31,   /* another CPU wants this one to switch */
    TRAP_LOCAL_FLUSH = 0x32,    /* another CPU has taken rights away */
    TRAP_LOCAL_SPURIOUS = 0x3f, /* an interrupt that went away again */
    TRAP_INTERRUPT_END = 0x40,
    TRAP_SYSCALL = 0x80,
    TRAP_COUNT = 256,
};

/* Bits of a page fault's error code (Intel SDM 3A, 4.7). */
#define PAGE_FAULT_WRITE 2u
#define PAGE_FAULT_USER  4u

/* Flags that user code may have as it likes: CF PF AF ZF SF TF DF OF NT? no:
 * NT, IOPL, VF and IF are ours (see trap_frame_sanitize). */
#define EFLAGS_USER 0x00244dd5u

static inline bool trap_from_user(const struct trap_frame *frame)
{
    return (frame->cs & 3) == 3;
}

/* Forces what user code must not choose: cs and ss to the user segments,
 * interrupts on, no IOPL, NT, VM86. For every frame that user land wrote. */
void trap_frame_sanitize(struct trap_frame *frame);

/* Fills a frame that enters user code at `entry` with stack `stack` and all
 * registers 0. */
void trap_frame_initialize(struct trap_frame *frame, u32 entry, u32 stack);

/* Builds IDT and handlers; the first thing after the console. */
void traps_start(void);
/* The same tables on a CPU that has just started. */
void traps_start_cpu(void);
