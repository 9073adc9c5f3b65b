/* poll() and select() know what a pipe can do at the moment. */
#include "say.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/select.h>

static void poll_say(const char *what, int fd, short events)
{
    struct pollfd one = {fd, events, 0};
    int count = poll(&one, 1, 0);

    say("%s: %d,%s%s%s%s%s", what, count, one.revents & POLLIN ? " in" : "",
        one.revents & POLLOUT ? " out" : "",
        one.revents & POLLERR ? " error" : "",
        one.revents & POLLHUP ? " hang-up" : "",
        one.revents & POLLNVAL ? " not open" : "");
}

static int ends[2];

static void late_writer(void)
{
    MUST(usleep(20000));
    MUST(write(ends[1], "x", 1));
    _exit(0);
}

int main(void)
{
    struct pollfd nothing = {-1, POLLIN, 7};
    struct timeval soon = {0, 10000};
    char bytes[4096] = "";
    fd_set set;

    MUST(pipe2(ends, O_NONBLOCK));
    poll_say("empty, reader", ends[0], POLLIN);
    poll_say("empty, writer", ends[1], POLLOUT);
    MUST(write(ends[1], "x", 1));
    poll_say("one byte, reader", ends[0], POLLIN | POLLOUT);
    while (write(ends[1], bytes, sizeof bytes) > 0)
        continue;
    poll_say("full, writer", ends[1], POLLOUT);
    while (read(ends[0], bytes, sizeof bytes) > 0)
        continue;
    TRY(poll(&nothing, 1, 10));
    say("nothing: %d", nothing.revents);
    TRY(poll(NULL, 0, 10));
    if (MUST(fork()) == 0)
        late_writer();
    TRY(poll(&(struct pollfd){ends[0], POLLIN, 0}, 1, -1));
    MUST(wait(NULL));
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    TRY(select(ends[0] + 1, &set, NULL, NULL, NULL));
    MUST(read(ends[0], bytes, 1));
    FD_SET(ends[0], &set);
    TRY(select(ends[0] + 1, &set, NULL, NULL, &soon));
    say("still set: %d", FD_ISSET(ends[0], &set) != 0);
    FD_SET(31, &set); /* past the table's first size, Linux looks no further */
    TRY(select(32, &set, NULL, NULL, &soon));
    close(ends[1]);
    poll_say("no writer", ends[0], POLLIN);
    MUST(pipe(ends));
    close(ends[0]);
    poll_say("no reader", ends[1], POLLOUT);
    poll_say("closed", 99, POLLIN);
    poll_say("/dev/null", MUST(open("/dev/null", O_RDWR)), POLLIN | POLLOUT);
    return 0;
}
