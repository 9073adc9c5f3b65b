/* Megabytes written in odd pieces come back unchanged, in any order. */
#include "say.h"

#include <fcntl.h>

enum { TOTAL = 6000000, PIECE = 7777 };

static unsigned char byte_at(long at)
{
    return (at * 2654435761u) >> 13;
}

static unsigned sum_from(int fd, size_t step)
{
    static unsigned char bytes[100000];
    unsigned sum = 0;
    ssize_t count;

    MUST(lseek(fd, 0, SEEK_SET));
    while ((count = MUST(read(fd, bytes, step))) > 0)
        for (ssize_t i = 0; i < count; i++)
            sum = sum * 31 + bytes[i];
    return sum;
}

int main(void)
{
    unsigned char bytes[PIECE], byte;
    unsigned seed = 1, wrong = 0;
    int fd;

    scratch_enter();
    fd = MUST(open("file", O_CREAT | O_RDWR, 0644));
    for (long at = 0; at < TOTAL; at += PIECE) {
        for (int i = 0; i < PIECE; i++)
            bytes[i] = byte_at(at + i);
        MUST(write(fd, bytes, PIECE));
    }
    TRY(lseek(fd, 0, SEEK_END));
    say("sums %08x %08x %08x", sum_from(fd, 4096), sum_from(fd, 100000),
        sum_from(fd, 333));
    for (int i = 0; i < 2000; i++) {
        long at = (seed = seed * 1103515245 + 12345) % TOTAL;

        wrong += pread(fd, &byte, 1, at) != 1 || byte != byte_at(at);
    }
    say("wrong bytes %u", wrong);
    return 0;
}
