/*
 * The double fault: a task of its own with a stack of its own, since it comes
 * when the stack in use can hold no trap frame any more.
 */
#pragma once

#include "core/percpu.h"
#include "x86/task_state.h"

/* The task state that the double-fault gate of this CPU switches to.
 * `interrupted` is where the CPU saves what it was doing. */
struct task_state *double_fault_task(struct cpu *cpu,
                                     const struct task_state *interrupted);
