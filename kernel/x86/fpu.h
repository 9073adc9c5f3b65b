/*
 * FPU and SSE state, which belongs to the thread: saved and restored whole
 * (FXSAVE, 512 bytes) at every switch between threads that have one.
 * The kernel itself uses no FPU register.
 */
#pragma once

#include "lib/types.h"

/* The image of FXSAVE (Intel SDM 1, 10.5.1). */
struct fpu_state {
    u8 bytes[512];
} __attribute__((aligned(16)));

/* Sets CR0 and CR4 on this CPU and records the clean state. */
void fpu_start(void);
/* The same registers on a CPU that has just started. */
void fpu_start_cpu(void);

/* The state that a new program starts with. */
void fpu_state_initialize(struct fpu_state *state);

static inline void fpu_save(struct fpu_state *state)
{
    __asm__ volatile("fxsave %0" : "=m"(*state));
}

/* The state must have passed fpu_state_sanitize if user land wrote it. */
static inline void fpu_restore(const struct fpu_state *state)
{
    __asm__ volatile("fxrstor %0" ::"m"(*state));
}

/* Clears reserved MXCSR bits, so that fpu_restore cannot fault. */
void fpu_state_sanitize(struct fpu_state *state);

/* The old 108-byte layout (FSAVE) that signal frames show first. */
void fpu_state_to_legacy(const struct fpu_state *state, void *legacy);
