/* open() obeys each of its flags and refuses with the right error. */
#include "say.h"

#include <fcntl.h>

int main(void)
{
    char byte;
    int fd;

    scratch_enter();
    TRY(open("none", O_RDONLY));
    TRY(fd = open("file", O_CREAT | O_EXCL | O_WRONLY, 0644));
    TRY(write(fd, "hello", 5));
    TRY(read(fd, &byte, 1));
    TRY(close(fd));
    TRY(close(fd));
    TRY(open("file", O_CREAT | O_EXCL | O_RDWR, 0644));
    TRY(fd = open("file", O_RDONLY));
    TRY(write(fd, "x", 1));
    TRY(close(fd));
    TRY(fd = open("file", O_WRONLY | O_TRUNC));
    TRY(lseek(fd, 0, SEEK_END));
    TRY(close(fd));
    TRY(mkdir("dir", 0755));
    TRY(open("dir", O_WRONLY));
    TRY(open("dir", O_RDWR));
    TRY(open("dir", O_RDONLY | O_CREAT, 0644));
    TRY(fd = open("dir", O_RDONLY | O_DIRECTORY));
    TRY(read(fd, &byte, 1));
    TRY(write(fd, &byte, 1));
    TRY(close(fd));
    TRY(open("file", O_RDONLY | O_DIRECTORY));
    TRY(symlink("file", "link"));
    TRY(open("link", O_RDONLY | O_NOFOLLOW));
    TRY(fd = open("link", O_RDONLY));
    TRY(close(fd));
    TRY(symlink("later", "dangling"));
    TRY(open("dangling", O_RDONLY));
    TRY(open("dangling", O_CREAT | O_EXCL | O_WRONLY, 0644));
    TRY(fd = open("dangling", O_CREAT | O_WRONLY, 0644));
    TRY(close(fd));
    TRY(access("later", F_OK));
    TRY(open("file/below", O_RDONLY));
    TRY(open("none/below", O_CREAT | O_WRONLY, 0644));
    TRY(open("", O_RDONLY));
    return 0;
}
