/* The *at() calls start at their directory, whatever the current one is. */
#include "say.h"

#include <fcntl.h>

int main(void)
{
    struct stat about;
    char text[16] = "";
    int dir, file;

    scratch_enter();
    MUST(mkdir("dir", 0755));
    TRY(dir = open("dir", O_RDONLY | O_DIRECTORY));
    TRY(file = openat(dir, "file", O_CREAT | O_RDWR, 0644));
    TRY(access("dir/file", F_OK));
    TRY(mkdirat(dir, "sub", 0755));
    TRY(linkat(dir, "file", dir, "sub/twin", 0));
    TRY(symlinkat("file", dir, "link"));
    TRY(readlinkat(dir, "link", text, sizeof text));
    TRY(fstatat(dir, "sub/twin", &about, 0));
    say("links %u", (unsigned)about.st_nlink);
    TRY(faccessat(dir, "link", F_OK, 0));
    TRY(fchmodat(dir, "file", 0600, 0));
    TRY(fstatat(dir, "file", &about, 0));
    say("mode %o", about.st_mode);
    TRY(renameat(dir, "file", AT_FDCWD, "out"));
    TRY(access("out", F_OK));
    TRY(faccessat(dir, "link", F_OK, 0));
    TRY(unlinkat(dir, "sub", 0));
    TRY(unlinkat(dir, "sub", AT_REMOVEDIR));
    TRY(unlinkat(dir, "sub/twin", 0));
    TRY(unlinkat(dir, "sub", AT_REMOVEDIR));
    TRY(unlinkat(dir, "link", AT_REMOVEDIR));
    TRY(openat(file, "x", O_RDONLY));
    TRY(openat(99, "x", O_RDONLY));
    TRY(openat(99, "/", O_RDONLY | O_DIRECTORY));
    TRY(openat(dir, "..", O_RDONLY | O_DIRECTORY));
    TRY(linkat(AT_FDCWD, "out", dir, "again", 0));
    TRY(unlinkat(AT_FDCWD, "out", 0));
    TRY(chdir("/"));
    TRY(faccessat(dir, "again", F_OK, 0));
    return 0;
}
