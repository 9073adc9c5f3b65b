/*
 * The GDT, the task-state segments and the thread-local-storage descriptors,
 * one set a CPU. Selector numbers are those of Linux i386 where user land
 * can see them.
 */
#pragma once

#include "core/percpu.h"
#include "x86/task_state.h"

#define SELECTOR_KERNEL_CODE      0x60
#define SELECTOR_KERNEL_DATA      0x68
#define SELECTOR_USER_CODE        0x73
#define SELECTOR_USER_DATA        0x7b
#define SELECTOR_TSS              0x80
#define SELECTOR_DOUBLE_FAULT_TSS 0x88

#define TLS_ENTRY_FIRST 6
#define TLS_ENTRY_COUNT 3

/* A segment descriptor as the CPU reads it (Intel SDM 3A, 3.4.5). */
struct segment_descriptor {
    u32 low;
    u32 high;
};

/* A thread's TLS descriptors and its segment registers while it is off. */
struct thread_segments {
    struct segment_descriptor tls[TLS_ENTRY_COUNT];
    u16 fs;
    u16 gs;
};

/* What LGDT and LIDT read. */
struct table_pointer {
    u16 limit;
    u32 address;
} __attribute__((packed));

#define DESCRIPTOR_COUNT 18

/* The tables of one CPU. */
extern struct cpu_segments {
    struct segment_descriptor table[DESCRIPTOR_COUNT];
    struct task_state task_state;
} __attribute__((aligned(64))) cpu_segments[CPU_MAX];

void segments_start(struct cpu *cpu);

/* The stack that this CPU takes on the next trap from user code. */
static inline void segments_set_kernel_stack(struct cpu *cpu, u32 top)
{
    cpu_segments[cpu->index].task_state.esp0 = top;
}

/* Builds the descriptor that Linux's user_desc asks for: a data segment of
 * privilege 3. All zero when the segment is marked not present/empty. */
struct segment_descriptor segment_user_data(u32 base, u32 limit,
                                            bool limit_in_pages, bool writable,
                                            bool expand_down, bool bits32,
                                            bool usable, bool present);

/* Saves FS and GS, loads those of the next thread with its descriptors. Bad
 * selectors load as 0. Interrupts off. */
void segments_switch(struct thread_segments *previous,
                     const struct thread_segments *next);

/* Installs changed descriptors of the current thread. Interrupts off. */
void segments_load_tls(const struct thread_segments *segments);

/* Reads, and loads (a bad selector becomes 0), the live FS and GS of the
 * current thread: for signal frames and exec. */
u16 segments_fs(void);
u16 segments_gs(void);
by_registers void segments_load(u16 fs, u16 gs);
