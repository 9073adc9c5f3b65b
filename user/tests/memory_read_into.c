/* read() into a mapping of the same file works, and so does write() from it.*/
#include "say.h"

#include <fcntl.h>
#include <sys/mman.h>

int main(void)
{
    const int both = PROT_READ | PROT_WRITE;
    char *map;
    int fd;

    scratch_enter();
    fd = MUST(open("file", O_CREAT | O_RDWR, 0644));
    MUST(ftruncate(fd, 12288));
    MUST(pwrite(fd, "first page", 10, 0));
    map = mmap(NULL, 12288, both, MAP_SHARED, fd, 0);
    TRY(pread(fd, map + 4096, 4096, 0));
    say("%.10s", map + 4096);
    TRY(pwrite(fd, map, 4096, 8192));
    say("%.10s", map + 8192);
    TRY(pread(fd, map, 10, 0));
    say("%.10s", map);
    TRY(munmap(map, 12288));
    map = mmap(NULL, 12288, both, MAP_PRIVATE, fd, 0);
    MUST(pwrite(fd, "again", 5, 0));
    TRY(pread(fd, map, 8192, 0));
    say("%.10s", map + 4096);
    MUST(pwrite(fd, "not seen", 8, 0));
    say("%.10s", map);
    return 0;
}
