/*
 * Memory failure by order, for tests: in CHECKED builds the n-th allocation
 * that a thread makes from now on fails (stack_base()->fail_after).
 * The default build contains none of it.
 */
#pragma once

#include "core/percpu.h"

/* True when this allocation is the one that must fail. */
static inline bool allocation_must_fail(void)
{
    if (!CHECKED)
        return false;
    struct stack_base *base = stack_base();
    return base->fail_after != 0 && --base->fail_after == 0;
}

/* An allocator that asks another one for memory counts as one allocation:
 * nothing fails by order between these two calls. */
static inline u32 allocation_failure_suspend(void)
{
    if (!CHECKED)
        return 0;
    u32 saved = stack_base()->fail_after;
    stack_base()->fail_after = 0;
    return saved;
}

static inline void allocation_failure_resume(u32 saved)
{
    if (CHECKED)
        stack_base()->fail_after = saved;
}
