/* /dev/null swallows, /dev/zero gives zeros, /dev/full is full. */
#include "say.h"

#include <fcntl.h>
#include <sys/mman.h>

int main(void)
{
    char bytes[64];
    int fd, sum = 0;
    char *map;

    TRY(fd = open("/dev/null", O_RDWR));
    TRY(write(fd, bytes, 64));
    TRY(read(fd, bytes, 64));
    TRY(lseek(fd, 10, SEEK_SET));
    TRY(close(fd));
    memset(bytes, 1, sizeof bytes);
    TRY(fd = open("/dev/zero", O_RDWR));
    TRY(read(fd, bytes, 64));
    for (int i = 0; i < 64; i++)
        sum += bytes[i];
    say("sum %d", sum);
    TRY(write(fd, bytes, 64));
    map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    say("mapped zeros: %d", map != MAP_FAILED && map[0] + map[8191] == 0);
    TRY(close(fd));
    TRY(fd = open("/dev/full", O_RDWR));
    TRY(write(fd, bytes, 1));
    TRY(read(fd, bytes, 64));
    TRY(close(fd));
    TRY(open("/dev/null/x", O_RDONLY));
    TRY(access("/dev/tty", F_OK));
    return 0;
}
