/* What is no terminal says ENOTTY to terminal questions. */
#include "say.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>

static void ask(int fd)
{
    struct termios modes;
    struct winsize size;
    pid_t group;

    TRY(isatty(fd));
    TRY(tcgetattr(fd, &modes));
    TRY(ioctl(fd, TIOCGWINSZ, &size));
    TRY(ioctl(fd, TIOCGPGRP, &group));
    TRY(ioctl(fd, 0x12345678, 0));
}

int main(void)
{
    int ends[2];

    MUST(pipe(ends));
    say("a pipe");
    ask(ends[0]);
    say("/dev/null");
    ask(MUST(open("/dev/null", O_RDWR)));
    say("a directory");
    ask(MUST(open("/", O_RDONLY)));
    say("not open");
    ask(99);
    return 0;
}
