/* Programs that hold much memory. */
#pragma once

#include "say.h"

#include <sys/mman.h>
#include <sys/sysinfo.h>

/* Holds so many bytes more, each page touched; ends the process where even the
 * addresses are refused. */
static inline void eat(size_t bytes)
{
    char *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (map == MAP_FAILED)
        _exit(7);
    for (size_t i = 0; i < bytes; i += 4096)
        map[i] = 1;
}

/* A hundredth of what is free, in bytes. */
static inline size_t free_percent(void)
{
    struct sysinfo memory;

    MUST(sysinfo(&memory));
    return memory.freeram / 100 * memory.mem_unit;
}
