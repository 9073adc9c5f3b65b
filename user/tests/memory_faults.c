/* Wild pointers are caught at their address: page 0, kernel, unmapped. */
#include "fault.h"

#include <fcntl.h>
#include <sys/mman.h>

static const char constant[] = "read only";

int main(void)
{
    volatile char *null = NULL, *kernel = (char *)0xfffff123, *map, seen;
    int fd;

    __asm__("" : "+r"(null)); /* so that the compiler knows nothing */
    faults_catch(0);
    scratch_enter();
    FAULT(null, seen = *null);
    FAULT(null, *null = 1);
    FAULT(null + 4095, seen = null[4095]);
    FAULT(kernel, seen = *kernel);
    FAULT(kernel, *kernel = 1);
    FAULT(constant, *(volatile char *)constant = 1);
    FAULT((char *)main, *(volatile char *)main = 1);
    FAULT(16, ((void (*)(void))16)());
    fd = MUST(open("file", O_CREAT | O_RDWR, 0644));
    MUST(ftruncate(fd, 100));
    map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    FAULT(map + 4095, map[4095] = 1);
    FAULT(map + 4096, seen = map[4096]);
    MUST(ftruncate(fd, 0));
    FAULT(map + 10, seen = map[10]);
    (void)seen;
    return 0;
}
