/*
 * The CPUs. boot/ counts them and gives each a stack that names its own.
 */
#include "core/percpu.h"

struct cpu cpus[CPU_MAX] = {
    {.index = 0}, {.index = 1}, {.index = 2}, {.index = 3},
    {.index = 4}, {.index = 5}, {.index = 6}, {.index = 7},
};

_Static_assert(CPU_MAX == 8, "a row for each CPU");

volatile u32 cpu_count = 1;
