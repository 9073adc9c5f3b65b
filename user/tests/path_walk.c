/* Paths: dots, slashes, links on the way, loops and names that are too long. */
#include "say.h"

#include <fcntl.h>

int main(void)
{
    struct stat about;
    static char path[5000], name[300];
    char link[8];

    scratch_enter();
    MUST(mkdir("dir", 0755));
    file_make("dir/file", "found");
    file_say("./dir/../dir//./file");
    TRY(stat("dir/file/", &about));
    TRY(stat("dir/file/.", &about));
    TRY(stat("dir/none/..", &about));
    TRY(stat("/..", &about));
    TRY(stat("//", &about));
    TRY(symlink("loop", "loop"));
    TRY(stat("loop", &about));
    TRY(lstat("loop", &about));
    TRY(open("loop/x", O_RDONLY));
    TRY(symlink("dir", "0"));
    for (int i = 1; i <= 45; i++) {
        snprintf(path, sizeof path, "%d", i - 1);
        snprintf(link, sizeof link, "%d", i);
        MUST(symlink(path, link));
    }
    TRY(stat("39/file", &about));
    TRY(stat("45/file", &about));
    TRY(symlink("dir/", "slash"));
    file_say("slash/file");
    TRY(symlink("file", "dir/beside"));
    file_say("dir/beside");
    memset(name, 'n', 255);
    TRY(close(open(name, O_CREAT | O_WRONLY, 0644)));
    memset(name, 'n', 256);
    TRY(open(name, O_CREAT | O_WRONLY, 0644));
    TRY(stat(name, &about));
    memset(path, '/', 4095);
    TRY(stat(path, &about));
    memset(path, '/', 4096);
    TRY(stat(path, &about));
    TRY(open("new/", O_CREAT | O_WRONLY, 0644));
    TRY(mkdir("newdir/", 0755));
    TRY(rmdir("newdir/"));
    TRY(unlink("dir/file/"));
    return 0;
}
