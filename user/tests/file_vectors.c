/* readv() and writev() take the pieces of a vector in order, as one transfer.*/
#include "say.h"

#include <fcntl.h>
#include <sys/uio.h>

int main(void)
{
    char a[4] = "", b[4] = "", c[8] = "";
    struct iovec out[] = {{"one", 3}, {"", 0}, {"two", 3}, {"three", 5}};
    struct iovec in[] = {{a, 3}, {b, 3}, {c, 7}};
    struct iovec huge[] = {{a, 1}, {b, (size_t)-1}};
    int fd;

    scratch_enter();
    TRY(fd = open("file", O_CREAT | O_RDWR, 0644));
    TRY(writev(fd, out, 4));
    TRY(lseek(fd, 0, SEEK_SET));
    TRY(readv(fd, in, 3));
    say("read %.3s %.3s %.7s", a, b, c);
    TRY(readv(fd, in, 3));
    TRY(writev(fd, out, 0));
    TRY(writev(fd, out, -1));
    TRY(writev(fd, out, 1025));
    TRY(writev(fd, huge, 2));
    TRY(lseek(fd, 0, SEEK_END));
    TRY(writev(99, out, 4));
    TRY(writev(fd, NULL, 1));
    return 0;
}
