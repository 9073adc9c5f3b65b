/* utimensat() sets the times of a file exactly, and writing moves them on. */
#include "say.h"

#include <fcntl.h>

static void times_say(const char *path)
{
    struct stat about;

    MUST(stat(path, &about));
    say("%s: %ld %ld", path, (long)about.st_atim.tv_sec,
        (long)about.st_mtim.tv_sec);
}

int main(void)
{
    struct timespec both[] = {{1000, 5}, {2000, 6}};
    struct timespec one[] = {{0, UTIME_OMIT}, {3000, 0}};
    struct timespec wrong[] = {{0, 2000000000}, {0, 0}};
    struct timespec now[] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
    struct stat about;
    int fd;

    scratch_enter();
    file_make("file", "x");
    MUST(symlink("file", "link"));
    TRY(utimensat(AT_FDCWD, "file", both, 0));
    times_say("file");
    TRY(utimensat(AT_FDCWD, "link", one, 0));
    times_say("file");
    TRY(utimensat(AT_FDCWD, "file", wrong, 0));
    TRY(utimensat(AT_FDCWD, "none", both, 0));
    TRY(fd = open("file", O_RDWR));
    TRY(futimens(fd, both));
    times_say("file");
    TRY(write(fd, "y", 1));
    MUST(stat("file", &about));
    say("written later: %d", about.st_mtime > 3000);
    TRY(futimens(fd, both));
    TRY(utimensat(AT_FDCWD, "file", now, 0));
    MUST(stat("file", &about));
    say("now: %d", about.st_mtime > 3000 && about.st_atime > 3000);
    return 0;
}
