/*
 * The CPU's instructions as one-line inlines: the only place for `asm`
 * outside boot/, x86/, hyper/ and drivers/. Each is named as in Intel's
 * manual, volume 2, or for what it is used for.
 */
#pragma once

#include "lib/types.h"

#define EFLAGS_TRAP      0x00000100u
#define EFLAGS_INTERRUPT 0x00000200u
#define EFLAGS_DIRECTION 0x00000400u
#define EFLAGS_RESUME    0x00010000u
#define EFLAGS_ALIGNMENT 0x00040000u
#define EFLAGS_ID        0x00200000u

#define CR0_MONITOR_COPROCESSOR 0x00000002u
#define CR0_EMULATION           0x00000004u
#define CR0_TASK_SWITCHED       0x00000008u
#define CR0_NUMERIC_ERROR       0x00000020u
#define CR4_PSE                 0x00000010u
#define CR4_PGE                 0x00000080u
#define CR4_OSFXSR              0x00000200u
#define CR4_OSXMMEXCPT          0x00000400u
#define CR4_UMIP                0x00000800u
#define CR4_SMEP                0x00100000u
#define CR4_SMAP                0x00200000u

static inline void cpu_interrupts_disable(void)
{
    __asm__ volatile("cli" ::: "memory");
}

static inline void cpu_interrupts_enable(void)
{
    __asm__ volatile("sti" ::: "memory");
}

static inline u32 cpu_flags(void)
{
    u32 flags;
    __asm__ volatile("pushfl; popl %0" : "=r"(flags)::"memory");
    return flags;
}

static inline bool cpu_interrupts_enabled(void)
{
    return cpu_flags() & EFLAGS_INTERRUPT;
}

/* Disables interrupts; returns whether they were enabled, for _restore. */
static inline bool cpu_interrupts_save(void)
{
    bool enabled = cpu_interrupts_enabled();
    cpu_interrupts_disable();
    return enabled;
}

static inline void cpu_interrupts_restore(bool enabled)
{
    if (enabled)
        cpu_interrupts_enable();
}

/* Enables interrupts and halts; no interrupt can slip in between. */
static inline void cpu_wait_for_interrupt(void)
{
    __asm__ volatile("sti; hlt" ::: "memory");
}

static inline void cpu_halt(void)
{
    __asm__ volatile("hlt" ::: "memory");
}

static inline void cpu_pause(void)
{
    __asm__ volatile("pause" ::: "memory");
}

/* Somewhere on the current stack: the compiler may use an answer twice. */
static inline u32 cpu_stack_pointer(void)
{
    u32 esp;
    __asm__("movl %%esp, %0" : "=r"(esp));
    return esp;
}

static inline u32 cpu_frame_pointer(void)
{
    u32 ebp;
    __asm__ volatile("movl %%ebp, %0" : "=r"(ebp));
    return ebp;
}

#define PORT_INLINES(bits, suffix)                                             \
    static inline void port_write##bits(u16 port, u##bits value)               \
    {                                                                          \
        __asm__ volatile("out" suffix " %0, %1" ::"a"(value), "Nd"(port));     \
    }                                                                          \
    static inline u##bits port_read##bits(u16 port)                            \
    {                                                                          \
        u##bits value;                                                         \
        __asm__ volatile("in" suffix " %1, %0" : "=a"(value) : "Nd"(port));    \
        return value;                                                          \
    }

PORT_INLINES(8, "b")
PORT_INLINES(16, "w")
PORT_INLINES(32, "l")

static inline u64 cpu_timestamp(void)
{
    u64 ticks;
    __asm__ volatile("rdtsc" : "=A"(ticks));
    return ticks;
}

struct cpuid_result {
    u32 eax, ebx, ecx, edx;
};

static inline struct cpuid_result cpu_identify(u32 leaf, u32 subleaf)
{
    struct cpuid_result r;
    __asm__ volatile("cpuid"
                     : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
                     : "a"(leaf), "c"(subleaf));
    return r;
}

#define REGISTER_READ(register, type)                                          \
    static inline type register##_read(void)                                   \
    {                                                                          \
        type value;                                                            \
        __asm__ volatile("mov %%" #register ", %0" : "=r"(value));             \
        return value;                                                          \
    }

REGISTER_READ(cr0, u32)
REGISTER_READ(cr2, u32) /* the address of the last page fault */
REGISTER_READ(cr3, u32)
REGISTER_READ(cr4, u32)
REGISTER_READ(fs, u16)
REGISTER_READ(gs, u16)

static inline void cr0_write(u32 value)
{
    __asm__ volatile("movl %0, %%cr0" ::"r"(value) : "memory");
}

/* Loads a page directory; drops every TLB entry that is not global. */
static inline void cr3_write(u32 value)
{
    __asm__ volatile("movl %0, %%cr3" ::"r"(value) : "memory");
}

static inline void cr4_write(u32 value)
{
    __asm__ volatile("movl %0, %%cr4" ::"r"(value) : "memory");
}

static inline void tlb_invalidate_page(u32 address)
{
    __asm__ volatile("invlpg (%0)" ::"r"(address) : "memory");
}
