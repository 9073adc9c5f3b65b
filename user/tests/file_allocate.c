/* fallocate() makes a file's blocks before anything is written. */
#include "say.h"

#include <fcntl.h>
#include <sys/resource.h>

static void say_file(const char *when, int fd)
{
    struct stat status;

    MUST(fstat(fd, &status));
    say("%s: %ld bytes, %ld blocks", when, (long)status.st_size,
        (long)status.st_blocks);
}

static void limited(void)
{
    int fd = MUST(open("file", O_RDWR));

    MUST(setrlimit(RLIMIT_FSIZE, &(struct rlimit){20000, 20000}));
    signal(SIGXFSZ, SIG_IGN);
    TRY(fallocate(fd, 0, 0, 40001));
    TRY(fallocate(fd, 0, 0, 40000));
    signal(SIGXFSZ, SIG_DFL);
    fallocate(fd, 0, 0, 40001);
}

int main(void)
{
    int fd, ends[2];
    char byte = 1;

    scratch_enter();
    fd = MUST(open("file", O_CREAT | O_RDWR, 0644));
    TRY(fallocate(fd, 0, 0, 10000));
    say_file("allocated", fd);
    TRY(pread(fd, &byte, 1, 9999));
    say("byte %d", byte);
    TRY(ftruncate(fd, 40000));
    say_file("hole", fd);
    TRY(fallocate(fd, 0, 20000, 100));
    say_file("in the hole", fd);
    TRY(fallocate(fd, 0, 0, 40000));
    say_file("all of it", fd);
    TRY(fallocate(fd, 0, 0, 0));
    TRY(fallocate(fd, 0, -1, 1));
    TRY(fallocate(fd, 0, 0x7fffffffffffffffLL, 1));
    TRY(fallocate(fd, 0x8000, 0, 1));
    TRY(fallocate(99, 0, -1, 1));
    TRY(fallocate(open("file", O_RDONLY), 0, 0, 1));
    TRY(fallocate(open(".", O_RDONLY), 0, 0, 1));
    TRY(fallocate(open("/dev/null", O_WRONLY), 0, 0, 1));
    MUST(pipe(ends));
    TRY(fallocate(ends[1], 0, 0, 1));
    child_run("limited", limited);
    TRY(posix_fallocate(fd, 0, 50000));
    say_file("at last", fd);
    return 0;
}
