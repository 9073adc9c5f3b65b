/* Thousands of small mappings come, split, and go without a trace. */
#include "say.h"

#include <sys/mman.h>

enum { PAGES = 400 };

int main(void)
{
    char *map = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int wrong = 0;

    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < PAGES; i++)
            map[i * 4096] = i;
        for (int i = 1; i < PAGES; i += 2)
            MUST(munmap(map + i * 4096, 4096));
        for (int i = 0; i < PAGES; i += 2)
            wrong += map[i * 4096] != (char)i;
        for (int i = 1; i < PAGES; i += 2)
            if (mmap(map + i * 4096, 4096, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                     0) == MAP_FAILED)
                wrong++;
        for (int i = 1; i < PAGES; i += 2)
            wrong += map[i * 4096] != 0;
        for (int i = 0; i < PAGES; i += 3)
            MUST(mprotect(map + i * 4096, 4096, PROT_READ));
        MUST(mprotect(map, PAGES * 4096, PROT_READ | PROT_WRITE));
    }
    say("wrong %d", wrong);
    TRY(munmap(map, PAGES * 4096));
    return 0;
}
