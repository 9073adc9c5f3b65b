/* O_NONBLOCK: no sleep, EAGAIN; a small write is all or nothing. */
#include "say.h"

#include <fcntl.h>

int main(void)
{
    static char bytes[100000];
    int ends[2], count = 0;

    TRY(pipe2(ends, O_NONBLOCK));
    TRY(read(ends[0], bytes, 1));
    while (write(ends[1], bytes, 4096) == 4096)
        count++;
    say("%d blocks fitted, then %s", count, error_name(errno));
    TRY(write(ends[1], bytes, 1));
    TRY(read(ends[0], bytes, 4096));
    TRY(write(ends[1], bytes, 4096));
    TRY(write(ends[1], bytes, 4096));
    TRY(read(ends[0], bytes, 8192));
    TRY(write(ends[1], bytes, 100000));
    TRY(write(ends[1], bytes, 100000));
    while (read(ends[0], bytes, sizeof bytes) > 0)
        continue;
    say("empty again: %s", error_name(errno));
    TRY(write(ends[1], bytes, 100000));
    TRY(close(ends[1]));
    while ((count = read(ends[0], bytes, sizeof bytes)) > 0)
        continue;
    say("at the end %d", count);
    return 0;
}
