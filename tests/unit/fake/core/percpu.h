/*
 * The CPUs on the host: the test says which one runs (fake_cpu), and
 * interrupts are a variable that must be back where it was after each call.
 */
#pragma once

#include "core/layout.h"

struct cpu {
    u32 index;
};

struct stack_base {
    u32 fail_after;
};

static struct cpu fake_cpu;
static struct stack_base fake_stack;
static bool fake_interrupts = true;

static inline struct cpu *this_cpu(void)
{
    return &fake_cpu;
}

static inline struct stack_base *stack_base(void)
{
    return &fake_stack;
}

static inline bool cpu_interrupts_save(void)
{
    bool enabled = fake_interrupts;
    fake_interrupts = false;
    return enabled;
}

static inline void cpu_interrupts_restore(bool enabled)
{
    fake_interrupts = enabled;
}
