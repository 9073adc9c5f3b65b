/* Truncating gives back what lay beyond, and growing shows zeros there. */
#include "say.h"

#include <fcntl.h>

static void tail_say(int fd, off_t at)
{
    unsigned char bytes[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    ssize_t count = pread(fd, bytes, sizeof bytes, at);

    say("at %ld: %zd bytes, %d %d %d %d", (long)at, count, bytes[0], bytes[1],
        bytes[2], bytes[3]);
}

int main(void)
{
    char page[4096];
    int fd;

    scratch_enter();
    memset(page, 'x', sizeof page);
    TRY(fd = open("file", O_CREAT | O_RDWR, 0644));
    for (int i = 0; i < 5; i++)
        MUST(write(fd, page, sizeof page));
    TRY(ftruncate(fd, 4098));
    TRY(lseek(fd, 0, SEEK_END));
    TRY(ftruncate(fd, 4106));
    tail_say(fd, 4096);
    tail_say(fd, 4104);
    TRY(ftruncate(fd, 1 << 20));
    tail_say(fd, 9000);
    TRY(lseek(fd, 0, SEEK_END));
    TRY(ftruncate(fd, 0));
    tail_say(fd, 0);
    TRY(truncate("file", 3));
    TRY(lseek(fd, 0, SEEK_END));
    TRY(ftruncate(fd, -1));
    TRY(truncate("file", -1));
    TRY(truncate("none", 1));
    TRY(truncate("/", 1));
    TRY(close(fd));
    TRY(fd = open("file", O_RDONLY));
    TRY(ftruncate(fd, 1));
    return 0;
}
