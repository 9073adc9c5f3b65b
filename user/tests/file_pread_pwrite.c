/* pread() and pwrite() work at an offset of their own and move no other. */
#include "say.h"

#include <fcntl.h>

int main(void)
{
    char bytes[16] = "";
    int fd, ends[2];

    scratch_enter();
    TRY(fd = open("file", O_CREAT | O_RDWR, 0644));
    TRY(pwrite(fd, "abcdef", 6, 4));
    TRY(lseek(fd, 0, SEEK_CUR));
    TRY(pread(fd, bytes, 3, 5));
    say("read %.3s", bytes);
    TRY(pread(fd, bytes, 16, 8));
    TRY(pread(fd, bytes, 16, 10));
    TRY(pread(fd, bytes, 16, 1000));
    TRY(pread(fd, bytes, 16, -1));
    TRY(pwrite(fd, bytes, 1, -1));
    TRY(pwrite(fd, "Z", 1, 0));
    TRY(lseek(fd, 0, SEEK_CUR));
    file_say("file");
    TRY(pwrite(fd, "", 0, 100));
    TRY(lseek(fd, 0, SEEK_END));
    MUST(pipe(ends));
    TRY(pread(ends[0], bytes, 1, 0));
    TRY(pwrite(ends[1], bytes, 1, 0));
    TRY(pread(ends[1], bytes, 1, 0)); /* nor is it open for reading */
    TRY(pwrite(ends[0], bytes, 1, 0));
    TRY(pread(99, bytes, 1, 0));
    return 0;
}
