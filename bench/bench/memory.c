/*
 * Fresh memory: by mmap, by brk, page by page.
 */
#include "measure.h"

#include <stddef.h>
#include <sys/mman.h>

uint64_t row_touch_mmap(void)
{
    enum { PAGES = 256 };
    operations = PAGES;
    char *area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < PAGES; i++) {
        uint64_t start = count_now();
        *(volatile char *)(area + i * PAGE) = 1;
        samples[i] = count_now() - start;
    }
    munmap(area, PAGES * PAGE);
    return median(PAGES);
}

static void sbrk_touch(void)
{
    heap_grow(PAGE, 1);
}

uint64_t row_sbrk_touch(void)
{
    return median_of(256, sbrk_touch);
}

uint64_t row_sbrk_mib_page(void)
{
    operations = (1 << 20) / PAGE;
    uint64_t start = count_now();
    heap_grow(1 << 20, 1);
    uint64_t cost = count_now() - start;
    heap_shrink(1 << 20);
    return cost / operations;
}
