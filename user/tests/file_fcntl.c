/* The flags of a descriptor are its own; those of the open file are shared. */
#include "say.h"

#include <fcntl.h>

#define SHOWN (O_ACCMODE | O_APPEND | O_NONBLOCK)

int main(void)
{
    int fd, copy, ends[2];

    scratch_enter();
    TRY(fd = open("file", O_CREAT | O_RDWR | O_CLOEXEC, 0644));
    TRY(copy = dup(fd));
    TRY(fcntl(fd, F_GETFD));
    TRY(fcntl(copy, F_GETFD));
    TRY(fcntl(fd, F_SETFD, 0));
    TRY(fcntl(fd, F_GETFD));
    TRY(fcntl(fd, F_GETFL) & SHOWN);
    TRY(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK | O_WRONLY));
    TRY(fcntl(copy, F_GETFL) & SHOWN);
    TRY(fcntl(fd, F_SETFL, 0));
    TRY(fcntl(copy, F_GETFL) & SHOWN);
    TRY(fcntl(99, F_GETFL));
    TRY(fcntl(fd, 12345, 0));
    TRY(pipe2(ends, O_NONBLOCK | O_CLOEXEC));
    TRY(fcntl(ends[0], F_GETFL) & SHOWN);
    TRY(fcntl(ends[1], F_GETFL) & SHOWN);
    TRY(fcntl(ends[1], F_GETFD));
    TRY(pipe2(ends, 12345));
    return 0;
}
