/* Directories are made once, removed only when empty, and never unlinked. */
#include "say.h"

int main(void)
{
    struct stat about;

    scratch_enter();
    file_make("file", "");
    TRY(mkdir("dir", 0777));
    TRY(stat("dir", &about));
    say("mode %o", about.st_mode);
    TRY(mkdir("dir", 0755));
    TRY(mkdir("file", 0755));
    TRY(mkdir("none/x", 0755));
    TRY(mkdir("file/x", 0755));
    TRY(mkdir("", 0755));
    TRY(mkdir("/", 0755));
    TRY(mkdir("dir/sub", 0700));
    TRY(stat("dir/sub", &about));
    say("mode %o", about.st_mode);
    TRY(rmdir("dir"));
    TRY(rmdir("file"));
    TRY(rmdir("none"));
    TRY(rmdir("dir/sub/."));
    TRY(rmdir("dir/sub/.."));
    TRY(unlink("dir/sub"));
    TRY(rmdir("dir/sub"));
    TRY(rmdir("dir"));
    TRY(rmdir("dir"));
    return 0;
}
