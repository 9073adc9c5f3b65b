/*
 * The file has a line of names, then one for each rank that was ever taken, in
 * the same order each time; those of its locks, indented, follow it.
 */
#include "locks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIGURES "/proc/lock_stat"

int ranks_counted(void)
{
    return access(FIGURES, R_OK) == 0;
}

int ranks_read(struct rank *ranks)
{
    char line[128];
    int count = 0;
    FILE *file = fopen(FIGURES, "r");

    while (file && count < RANKS_MAX && fgets(line, sizeof line, file)) {
        struct rank *rank = &ranks[count];
        count += *line != ' ' && sscanf(line, "%23s %llu %llu", rank->name,
                                        &rank->taken, &rank->transfers) == 3;
    }
    if (file)
        fclose(file);
    return count;
}

static int by_transfers(const void *one, const void *other)
{
    const struct rank *a = one, *b = other;

    return a->transfers < b->transfers   ? 1
           : a->transfers > b->transfers ? -1
                                         : 0;
}

void ranks_subtract(struct rank *after, int count, const struct rank *before,
                    int before_count)
{
    for (int i = 0, j = 0; i < count && j < before_count; i++) {
        if (strcmp(after[i].name, before[j].name) != 0)
            continue;
        after[i].taken -= before[j].taken;
        after[i].transfers -= before[j++].transfers;
    }
    qsort(after, (size_t)count, sizeof *after, by_transfers);
}
