/*
 * The 32-bit task-state segment (Intel SDM 3A, 7.2.1).
 */
#pragma once

#include "lib/types.h"

struct task_state {
    u32 previous;
    u32 esp0, ss0;
    u32 esp1, ss1, esp2, ss2;
    u32 cr3, eip, eflags;
    u32 eax, ecx, edx, ebx, esp, ebp, esi, edi;
    u32 es, cs, ss, ds, fs, gs;
    u32 ldt;
    u16 trap, io_map;
};

_Static_assert(sizeof(struct task_state) == 104, "as the CPU reads it");
