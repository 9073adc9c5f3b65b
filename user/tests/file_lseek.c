/* The offset of an open file moves as lseek() says and never below zero. */
#include "say.h"

#include <fcntl.h>

int main(void)
{
    char bytes[16];
    int fd, ends[2];

    scratch_enter();
    TRY(fd = open("file", O_CREAT | O_RDWR, 0644));
    TRY(write(fd, "0123456789", 10));
    TRY(lseek(fd, 0, SEEK_CUR));
    TRY(lseek(fd, -4, SEEK_CUR));
    TRY(read(fd, bytes, 2));
    say("read %.2s", bytes);
    TRY(lseek(fd, -1, SEEK_END));
    TRY(read(fd, bytes, 16));
    TRY(read(fd, bytes, 16));
    TRY(lseek(fd, -11, SEEK_END));
    TRY(lseek(fd, -1, SEEK_SET));
    TRY(lseek(fd, 0, 77));
    TRY(lseek(fd, 0, SEEK_CUR));
    TRY(lseek(fd, 100000, SEEK_SET));
    TRY(read(fd, bytes, 1));
    TRY(lseek(fd, 0, SEEK_END));
    TRY(lseek(fd, 8191, SEEK_SET));
    TRY(write(fd, "x", 1));
    TRY(lseek(fd, 0, SEEK_END));
    TRY(lseek(fd, 5000, SEEK_SET));
    TRY(read(fd, bytes, 1));
    say("the hole reads as %d", bytes[0]);
    TRY(lseek(77, 0, SEEK_SET));
    MUST(pipe(ends));
    TRY(lseek(ends[0], 0, SEEK_SET));
    return 0;
}
