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

/* The first of them are the CPU's own; PANIC is no CPU's, but the context of
 * who called panic; nor is BAD_RETURN: IRET refused what user code gave it. */
/* clang-format off */
#define TRAPS(TRAP)                                                            \
    TRAP(DIVIDE, 0, "divide error")                                            \
    TRAP(DEBUG, 1, "debug trap")                                               \
    TRAP(NMI, 2, "non-maskable interrupt")                                     \
    TRAP(BREAKPOINT, 3, "breakpoint")                                          \
    TRAP(OVERFLOW, 4, "overflow")                                              \
    TRAP(BOUND, 5, "bound range exceeded")                                     \
    TRAP(INVALID_OPCODE, 6, "invalid instruction")                             \
    TRAP(NO_FPU, 7, "FPU not available")                                       \
    TRAP(DOUBLE_FAULT, 8, "double fault")                                      \
    TRAP(INVALID_TSS, 10, "invalid TSS")                                       \
    TRAP(NO_SEGMENT, 11, "segment not present")                                \
    TRAP(STACK_FAULT, 12, "stack-segment fault")                               \
    TRAP(PROTECTION, 13, "general protection fault")                           \
    TRAP(PAGE_FAULT, 14, "page fault")                                         \
    TRAP(PANIC, 15, "panic")                                                   \
    TRAP(FPU, 16, "FPU error")                                                 \
    TRAP(ALIGNMENT, 17, "alignment check")                                     \
    TRAP(MACHINE_CHECK, 18, "machine check")                                   \
    TRAP(SIMD, 19, "SIMD exception")                                           \
    TRAP(BAD_RETURN, 31, "bad return to user code")
/* clang-format on */

#define TRAP_VALUE(name, vector, text) TRAP_##name = (vector),

enum trap_vector {
    TRAPS(TRAP_VALUE) TRAP_INTERRUPT_BASE =
        0x20,                   /* hardware interrupts 0..15 */
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
