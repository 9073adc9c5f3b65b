/* madvise(MADV_DONTNEED) gives pages back: zero, or the file again. */
#include "say.h"

#include <fcntl.h>
#include <sys/mman.h>

int main(void)
{
    const int both = PROT_READ | PROT_WRITE;
    char *map = mmap(NULL, 12288, both, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int fd;

    scratch_enter();
    memset(map, 'x', 12288);
    TRY(madvise(map + 4096, 4096, MADV_DONTNEED));
    say("%c %d %c", map[4095], map[4096], map[8192]);
    TRY(madvise(map + 1, 4096, MADV_DONTNEED));
    TRY(madvise(map, 4096, 7777));
    TRY(madvise(map, 0, MADV_DONTNEED));
    TRY(madvise(map, 12288, MADV_NORMAL));
    TRY(munmap(map + 4096, 4096));
    TRY(madvise(map, 12288, MADV_DONTNEED));
    say("%d %d", map[0], map[8192]);
    file_make("file", "in the file");
    fd = MUST(open("file", O_RDONLY));
    map = mmap(NULL, 4096, both, MAP_PRIVATE, fd, 0);
    memcpy(map, "OWN", 3);
    say("%.11s", map);
    TRY(madvise(map, 4096, MADV_DONTNEED));
    say("%.11s", map);
    return 0;
}
