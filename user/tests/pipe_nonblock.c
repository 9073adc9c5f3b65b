/* O_NONBLOCK: no sleep, EAGAIN; a small write is all or nothing. */
#include "say.h"

#include <fcntl.h>
#include <sys/ioctl.h>

static char bytes[100000];

/* The pipe is full but for 100 bytes: none of a write of 1,000 goes in, and
 * those that were there come out as they were. */
static void none_of_it(const int *ends)
{
    static char filling[65536];
    int queued = 0, length = 0, part;

    for (unsigned i = 0; i < sizeof filling; i++)
        filling[i] = i % 251;
    memset(bytes, 'x', sizeof bytes);
    TRY(write(ends[1], filling, sizeof filling));
    TRY(read(ends[0], filling, 100));
    TRY(write(ends[1], bytes, 1000));
    MUST(ioctl(ends[0], FIONREAD, &queued));
    say("%d are in", queued);
    while ((part = read(ends[0], bytes + length, sizeof bytes - length)) > 0)
        length += part;
    say("%d came out: %s", length,
        memcmp(bytes, filling + 100, sizeof filling - 100) ? "others"
                                                           : "the same");
}

int main(void)
{
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
    none_of_it(ends);
    TRY(write(ends[1], bytes, 100000));
    TRY(close(ends[1]));
    while ((count = read(ends[0], bytes, sizeof bytes)) > 0)
        continue;
    say("at the end %d", count);
    return 0;
}
