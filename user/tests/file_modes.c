/* umask cuts the mode of what is made, chmod sets it, access asks for it. */
#include "say.h"

#include <fcntl.h>

static void mode_say(const char *path)
{
    struct stat about;

    MUST(stat(path, &about));
    say("%s: %o", path, about.st_mode);
}

int main(void)
{
    int fd;

    scratch_enter();
    TRY(umask(027));
    MUST(close(MUST(open("a", O_CREAT | O_WRONLY, 0666))));
    mode_say("a");
    MUST(mkdir("d", 0777));
    mode_say("d");
    TRY(umask(0));
    MUST(close(MUST(open("b", O_CREAT | O_WRONLY, 0777))));
    mode_say("b");
    TRY(umask(07777));
    TRY(umask(022));
    TRY(chmod("a", 0604));
    mode_say("a");
    TRY(chmod("a", 01777));
    mode_say("a");
    TRY(chmod("none", 0));
    TRY(fd = open("a", O_RDONLY));
    TRY(fchmod(fd, 0644));
    mode_say("a");
    TRY(fchmod(99, 0));
    TRY(access("a", F_OK));
    TRY(access("a", R_OK | W_OK));
    TRY(access("a", X_OK));
    TRY(access("b", X_OK));
    TRY(access("none", F_OK));
    TRY(access("a", 77));
    TRY(faccessat(AT_FDCWD, "a", X_OK, 0));
    TRY(mknod("plain", 0640, 0));
    mode_say("plain");
    TRY(mknod("fifo", S_IFIFO | 0666, 0));
    mode_say("fifo");
    TRY(mknod("directory", S_IFDIR | 0777, 0));
    TRY(mknod("strange", S_IFMT | 0666, 0));
    TRY(mknod("link", S_IFLNK | 0777, 0));
    return 0;
}
