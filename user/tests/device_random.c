/* Random bytes differ each time, by getrandom() and by the devices. */
#include "say.h"

#include <fcntl.h>
#include <sys/random.h>

static void compare(const char *what, const void *a, const void *b)
{
    say("%s differ: %d", what, memcmp(a, b, 32) != 0);
}

int main(void)
{
    unsigned char a[32] = "", b[32] = "", many[10000];
    int fd, counts[256] = {0}, missing = 0;

    TRY(getrandom(a, 32, 0));
    TRY(getrandom(b, 32, 0));
    compare("two calls", a, b);
    TRY(fd = open("/dev/urandom", O_RDONLY));
    TRY(read(fd, a, 32));
    TRY(read(fd, b, 32));
    compare("two reads", a, b);
    TRY(read(fd, many, sizeof many));
    for (size_t i = 0; i < sizeof many; i++)
        counts[many[i]]++;
    for (int i = 0; i < 256; i++)
        missing += counts[i] == 0;
    say("values that never came: %d", missing);
    TRY(getrandom(a, 0, 0));
    TRY(getrandom(a, 1, 0x7000));
    TRY(open("/dev/random", O_RDONLY) > 0);
    return 0;
}
