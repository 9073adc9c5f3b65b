/*
 * Where another CPU is right now, whatever it does: for the key `l` and for
 * the watchdog.
 */
#pragma once

#include "core/percpu.h"

struct trap_frame;

/* Prints its backtrace, or that it runs user code or gives no answer. From an
 * interrupt: the CPU that asks is where it was interrupted. Waits up to some
 * milliseconds. */
void locate_print(const struct cpu *target);

/* The NMI by which a CPU is asked. */
void locate_answer(const struct trap_frame *frame);

/* Registers the key. */
void locate_start(void);
