/*
 * A mount that is detached takes the mounts inside it along; who is in one of
 * them stays there, and nothing can be mounted in what is detached.
 */
/* only: spindle */
#include "say.h"

#include <fcntl.h>
#include <sys/mount.h>

static int mounted(const char *what)
{
    static char mounts[8192];
    int fd = MUST(open("/proc/self/mounts", O_RDONLY));

    mounts[MUST(read(fd, mounts, sizeof mounts - 1))] = '\0';
    close(fd);
    return strstr(mounts, what) != NULL;
}

int main(void)
{
    int good = 1, file;

#define EXPECT(condition)                                                      \
    do {                                                                       \
        if (!(condition)) {                                                    \
            say("wanted: %s (%s)", #condition, error_name(errno));             \
            good = 0;                                                          \
        }                                                                      \
    } while (0)

    scratch_enter();
    MUST(mkdir("outer", 0755));
    MUST(mount("tree-1", "outer", "tmpfs", 0, NULL));
    MUST(mkdir("outer/inner", 0755));
    MUST(mount("tree-2", "outer/inner", "tmpfs", 0, NULL));
    MUST(mkdir("outer/inner/most", 0755));
    MUST(mount("tree-3", "outer/inner/most", "tmpfs", 0, NULL));
    file_make("outer/inner/most/file", "kept");
    file = MUST(open("outer/inner/most/file", O_RDWR));
    MUST(chdir("outer/inner"));

    EXPECT(umount("../../outer") < 0 && errno == EBUSY);
    EXPECT(mounted("tree-1") && mounted("tree-2") && mounted("tree-3"));
    EXPECT(umount2("../../outer", MNT_DETACH) == 0);
    EXPECT(!mounted("tree-"));

    EXPECT(write(file, "here", 4) == 4);
    EXPECT(access("most", F_OK) == 0 && access("most/file", F_OK) < 0);
    EXPECT(mount("late", "most", "tmpfs", 0, NULL) < 0 && errno == EINVAL);
    EXPECT(umount2(".", MNT_DETACH) < 0 && errno == EINVAL);
    MUST(chdir(scratch_path));
    EXPECT(access("outer/inner", F_OK) < 0);
    EXPECT(rmdir("outer") == 0);
    close(file);
    say(good ? "pass" : "fail");
    return 0;
}
