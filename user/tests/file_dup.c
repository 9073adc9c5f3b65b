/* Duplicates share one offset, and a new descriptor is the lowest free one. */
#include "say.h"

#include <fcntl.h>
#include <sys/syscall.h>

int main(void)
{
    char byte;
    int fd, copy;

    scratch_enter();
    file_make("file", "abcdefgh");
    TRY(fd = open("file", O_RDONLY));
    TRY(copy = dup(fd));
    TRY(read(fd, &byte, 1));
    TRY(read(copy, &byte, 1));
    say("the copy read %c", byte);
    TRY(dup2(fd, 10));
    TRY(dup2(fd, fd));
    TRY(lseek(10, 5, SEEK_SET));
    TRY(read(fd, &byte, 1));
    say("then %c", byte);
    TRY(close(fd));
    TRY(read(10, &byte, 1));
    TRY(dup(10));
    TRY(dup2(99, 5));
    TRY(dup2(10, -1));
    TRY(dup2(10, 1 << 20));
    TRY(syscall(SYS_dup3, 10, 10, 0));
    TRY(syscall(SYS_dup3, 10, 11, 1));
    TRY(syscall(SYS_dup3, 10, 11, O_CLOEXEC));
    TRY(fcntl(11, F_GETFD));
    TRY(fcntl(10, F_GETFD));
    TRY(fcntl(10, F_DUPFD, 20));
    TRY(fcntl(10, F_DUPFD, 20));
    TRY(fcntl(10, F_DUPFD_CLOEXEC, 30));
    TRY(fcntl(30, F_GETFD));
    TRY(fcntl(10, F_DUPFD, -1));
    TRY(dup2(20, 30));
    TRY(fcntl(30, F_GETFD));
    TRY(dup(-1));
    return 0;
}
