/*
 * Demo: what a context switch costs.
 *
 * Directly: the registers that the kernel puts away and loads, the choice of
 * the next thread, and for another process its page table. Indirectly: the
 * caches and the TLB are full of the other's memory afterwards, and each line
 * and each translation has to be fetched anew. Two sides take turns on one CPU;
 * first they do nothing else, then each walks through memory of its own.
 */
#include "measure.h"

#include "demos/demo.h"
#include "pair.h"

int events_read(struct events *events)
{
    char name[64];
    double value;
    int found = 0;
    FILE *file = fopen("/proc/counters", "r");

    while (file && fscanf(file, "%63s %lf", name, &value) == 2) {
        if (strcmp(name, "switches") == 0)
            events->switches = value, found++;
        else if (strcmp(name, "page_table_loads") == 0)
            events->loads = value, found++;
    }
    if (file)
        fclose(file);
    return found == 2;
}

int main(void)
{
    stay_on_one_cpu();
    pair_make();
    direct_show();
    indirect_show();
    return 0;
}
