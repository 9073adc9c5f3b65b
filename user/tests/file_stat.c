/* stat() tells kind, mode, size and links, lstat() of the link itself. */
#include "say.h"

#include <fcntl.h>

static void stat_say(const char *what, const struct stat *about)
{
    say("%s: mode %o links %u size %ld", what, about->st_mode,
        S_ISDIR(about->st_mode) ? 0 : (unsigned)about->st_nlink,
        S_ISDIR(about->st_mode) ? 0L : (long)about->st_size);
}

int main(void)
{
    struct stat a, b;
    int ends[2];

    scratch_enter();
    file_make("file", "seven..");
    MUST(chmod("file", 0640));
    MUST(mkdir("dir", 0750));
    MUST(symlink("file", "link"));
    MUST(link("file", "twin"));
    TRY(stat("file", &a));
    stat_say("file", &a);
    TRY(stat("twin", &b));
    say("same file: %d", a.st_ino == b.st_ino && a.st_dev == b.st_dev);
    TRY(stat("link", &b));
    stat_say("link followed", &b);
    TRY(lstat("link", &b));
    stat_say("link", &b);
    say("same file: %d", a.st_ino == b.st_ino);
    TRY(stat("dir", &b));
    stat_say("dir", &b);
    TRY(stat("/dev/null", &b));
    say("/dev/null: mode kind %o, device %u", b.st_mode & S_IFMT,
        (unsigned)b.st_rdev);
    MUST(pipe(ends));
    TRY(fstat(ends[0], &b));
    say("pipe: kind %o", b.st_mode & S_IFMT);
    TRY(stat("none", &b));
    TRY(stat("file/none", &b));
    TRY(stat("", &b));
    TRY(fstat(99, &b));
    MUST(unlink("file"));
    TRY(stat("twin", &b));
    stat_say("twin", &b);
    return 0;
}
