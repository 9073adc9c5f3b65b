/* What is no terminal says ENOTTY to terminal questions; a new session has no
 * /dev/tty. */
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

static void new_session(void)
{
    say("a session of its own: %d", MUST(setsid()) == getpid());
    TRY(open("/dev/tty", O_RDWR));
    TRY(open("/dev/tty", O_WRONLY | O_NOCTTY));
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
    child_run("who has no terminal", new_session);
    return 0;
}
