/*
 * Kernel stacks: a guard page's worth of nothing below STACK_SIZE bytes, from
 * slots that stay mapped once used, so that making a thread maps nothing and
 * shoots nothing down. Not for interrupt handlers.
 */
#pragma once

#include "core/percpu.h"

/* The stack's base (aligned to STACK_SIZE) with a canary, or NULL. */
struct stack_base *kernel_stack_alloc(void);
void kernel_stack_free(struct stack_base *base);

/* Stacks handed out now, and mapped ones that wait for their next thread:
 * for the books. */
u32 kernel_stack_count(void);
u32 kernel_stack_spare_count(void);

static inline u32 kernel_stack_top(const struct stack_base *base)
{
    return (u32)(uintptr_t)base + STACK_SIZE;
}
