/* A pipe that is opened once more by its name in /proc is as it is: nobody
 * waits for its other side, not even when that has gone. */
#include "say.h"

#include <fcntl.h>
#include <poll.h>

static int again(int fd, int flags)
{
    char name[32];

    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    return open(name, flags);
}

static void read_again(int flags)
{
    struct pollfd seen = {.events = POLLIN};
    char bytes[8] = "";
    int ends[2];

    MUST(pipe(ends));
    MUST(write(ends[1], "ab", 2));
    MUST(close(ends[1]));
    TRY(seen.fd = again(ends[0], O_RDONLY | flags));
    TRY(poll(&seen, 1, 1000));
    say("events %x", seen.revents);
    TRY(read(seen.fd, bytes, sizeof bytes));
    say("read %s", bytes);
    TRY(poll(&seen, 1, 1000));
    say("events %x", seen.revents);
    TRY(read(seen.fd, bytes, sizeof bytes));
    close(seen.fd);
    close(ends[0]);
}

static void write_again(int flags)
{
    int ends[2], fd;

    MUST(pipe(ends));
    MUST(close(ends[0]));
    TRY(fd = again(ends[1], O_WRONLY | flags));
    TRY(write(fd, "x", 1));
    close(fd);
    TRY(fd = again(ends[1], O_RDONLY | flags)); /* and is whole again */
    TRY(write(ends[1], "x", 1));
    close(fd);
    close(ends[1]);
}

int main(void)
{
    alarm(10);
    signal(SIGPIPE, SIG_IGN);
    read_again(0);
    read_again(O_NONBLOCK);
    write_again(0);
    write_again(O_NONBLOCK);
    return 0;
}
