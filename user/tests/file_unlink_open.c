/* A file without a name lives as long as somebody has it open or mapped. */
#include "say.h"

#include <fcntl.h>
#include <sys/mman.h>

int main(void)
{
    struct stat about;
    char bytes[8] = "";
    char *map;
    int fd;

    scratch_enter();
    TRY(fd = open("file", O_CREAT | O_RDWR, 0644));
    TRY(write(fd, "still", 5));
    map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    TRY(unlink("file"));
    TRY(unlink("file"));
    TRY(open("file", O_RDONLY));
    TRY(pread(fd, bytes, 5, 0));
    say("read %s", bytes);
    TRY(fstat(fd, &about));
    say("links %u", (unsigned)about.st_nlink);
    TRY(pwrite(fd, "there", 5, 0));
    say("mapped %.5s", map);
    TRY(close(fd));
    say("mapped %.5s", map);
    TRY(fd = open("file", O_CREAT | O_EXCL | O_RDWR, 0644));
    TRY(read(fd, bytes, 1));
    say("the old one is %.5s", map);
    TRY(munmap(map, 4096));
    return 0;
}
