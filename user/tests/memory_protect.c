/* mprotect() takes rights away and gives them back, page by page. */
#include "fault.h"

#include <sys/mman.h>

int main(void)
{
    const int both = PROT_READ | PROT_WRITE;
    volatile char *page =
        mmap(NULL, 5 * 4096, both, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *const map = (char *)page;
    volatile char seen = 0;

    faults_catch(0);
    memset(map, 'x', 5 * 4096);
    TRY(mprotect(map + 4096, 8192, PROT_READ));
    FAULT(page + 4095, page[4095] = 'y');
    FAULT(page + 4096, page[4096] = 'y');
    FAULT(page + 12287, page[12287] = 'y');
    FAULT(page + 12288, page[12288] = 'y');
    FAULT(page + 5000, seen = page[5000]);
    say("read %c", seen);
    TRY(mprotect(map, 5 * 4096, PROT_NONE));
    FAULT(page + 7, seen = page[7]);
    TRY(mprotect(map, 5 * 4096, both));
    FAULT(page + 5000, page[5000] = 'z');
    say("read %c %c", page[5000], page[5001]);
    TRY(munmap(map + 8192, 4096));
    FAULT(page + 8200, seen = page[8200]);
    FAULT(page + 8200, page[8200] = 'x');
    TRY(mprotect(map, 5 * 4096, PROT_READ));
    TRY(mprotect(map + 1, 4096, PROT_READ));
    TRY(mprotect(map, 4096, 0x7000));
    TRY(mprotect((void *)0x10000, 4096, PROT_READ));
    FAULT(page + 4096, page[4096] = 'w');
    FAULT(page + 12288, page[12288] = 'w');
    return 0;
}
