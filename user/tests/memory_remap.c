/* mremap() shrinks in place, grows where there is room and else moves. */
#include "fault.h"

#include <sys/mman.h>

static char *map_new(size_t size)
{
    return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                -1, 0);
}

int main(void)
{
    volatile char *map = map_new(3 * 4096), *moved, *gone;
    char *area = map_new(6 * 4096), seen;

    faults_catch(0);
    memset((char *)map, 'a', 3 * 4096);
    say("shrinks in place: %d", mremap((char *)map, 3 * 4096, 4096, 0) == map);
    FAULT(map + 4096, seen = map[4096]);
    memset(area, 'b', 6 * 4096);
    say("no room: %s", mremap(area, 4096, 3 * 4096, 0) == MAP_FAILED
                           ? error_name(errno)
                           : "grown");
    moved = mremap(area, 4096, 8 * 4096, MREMAP_MAYMOVE);
    say("moved: %d, with its bytes: %c, zero behind: %d", moved != area,
        moved[4095], moved[4096] + moved[8 * 4096 - 1]);
    gone = area;
    FAULT(gone, seen = gone[0]);
    say("the rest stays: %c", area[4096]);
    moved =
        mremap(area + 4096, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, area);
    say("put in place: %d %c", moved == area, area[0]);
    say("nothing there: %s",
        mremap((char *)0x10000, 4096, 8192, MREMAP_MAYMOVE) == MAP_FAILED
            ? error_name(errno)
            : "something");
    say("odd address: %s",
        mremap(area + 1, 4096, 8192, MREMAP_MAYMOVE) == MAP_FAILED
            ? error_name(errno)
            : "something");
    say("to nothing: %s", mremap(area, 4096, 0, MREMAP_MAYMOVE) == MAP_FAILED
                              ? error_name(errno)
                              : "something");
    (void)seen;
    return 0;
}
