/*
 * What each CPU has of its own, and how a line of code finds it.
 *
 * Every kernel stack is STACK_SIZE bytes, aligned to that, and carries at its
 * lowest address a `struct stack_base`: the thread whose stack it is, and the
 * CPU that runs it now (the switch keeps it true). Reading both takes two
 * instructions and no segment register.
 *
 * this_cpu() may be used only with preemption off (a spinlock held,
 * interrupts disabled, or preempt_disable), else the answer may be stale;
 * CHECKED builds assert it. For who cannot move, or only wants a hint, there is
 * stack_base()->cpu.
 */
#pragma once

#include "core/cpu.h"
#include "core/layout.h"
#include "core/panic.h"

struct run_queue;
struct thread;
struct trap_frame;

/* Fields are touched only by their own CPU with preemption off, except
 * switch_wanted, which others may set. */
struct cpu {
    u32 index;          /* 0 is the CPU that booted */
    u32 apic_id;        /* by which its local APIC is called */
    u32 spin_depth;     /* spinlocks held */
    bool spin_restores; /* interrupts come back on with the last unlock;
                           false while no spinlock is held */
    volatile bool switch_wanted;
    struct run_queue *run_queue; /* its own; set when the scheduler starts */
    u32 interrupt_depth;         /* nested hardware interrupts */
    u32 held_rank;               /* CHECKED: rank of the newest spinlock */
    const struct trap_frame *interrupted; /* what, by the newest of them */
    u64 interrupts;                       /* statistics: taken, */
    u64 interrupts_sent;                  /* sent to other CPUs, */
    u64 switches;                         /* switched, */
    u64 page_table_loads;                 /* CR3 written, */
    u64 tlb_flushes;                      /* whole TLB flushed */
};

extern struct cpu cpus[CPU_MAX];
extern volatile u32 cpu_count; /* those at work: cpus[0] and up */

struct stack_base {
    struct cpu *cpu;
    struct thread *thread;
    u32 fail_after; /* CHECKED: the n-th allocation from now fails; 0 never */
    u32 preempt_depth; /* preempt_disable() calls open: the thread's own count,
                          for it may be moved to another CPU until one is */
    u32 canary;        /* STACK_CANARY, lowest word a runaway stack destroys */
};

#define STACK_CANARY 0x57acba5eu

static inline struct stack_base *stack_base(void)
{
    return (struct stack_base *)(cpu_stack_pointer() & -STACK_SIZE);
}

static inline struct cpu *this_cpu(void)
{
    assert_checked(!cpu_interrupts_enabled() || stack_base()->preempt_depth);
    return stack_base()->cpu;
}

/* The thread that runs; NULL only before threads_start. */
static inline struct thread *current_thread(void)
{
    return stack_base()->thread;
}

/* Called when preemption comes back on with switch_wanted set, interrupts
 * enabled and nothing held. Defined by sched/: it may run other threads. */
void on_preemption_due(void);

/* The end of a stretch without interrupts: makes up for the switch that
 * became due meanwhile. */
static inline void preemption_restore(struct cpu *cpu)
{
    cpu_interrupts_enable();
    if (unlikely(cpu->switch_wanted) && stack_base()->preempt_depth == 0)
        on_preemption_due();
}

static inline void preempt_disable(void)
{
    stack_base()->preempt_depth++;
    __asm__ volatile("" ::: "memory");
}

static inline void preempt_enable(void)
{
    struct stack_base *base = stack_base();
    __asm__ volatile("" ::: "memory");
    if (--base->preempt_depth == 0 && base->cpu->switch_wanted &&
        cpu_interrupts_enabled())
        on_preemption_due();
}
