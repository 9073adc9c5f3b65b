/* The current directory is the process's own; its children start in it. */
#include "say.h"

#include <fcntl.h>
#include <sys/syscall.h>

static char top[128];

static void here_say(void)
{
    char path[256];

    if (!getcwd(path, sizeof path))
        say("getcwd: %s", error_name(errno));
    else
        say("in %s",
            strncmp(path, top, strlen(top)) ? path : path + strlen(top));
}

static void child(void)
{
    here_say();
    MUST(chdir(".."));
    here_say();
}

static void root_change(void)
{
    MUST(chmod(top, 0755));
    MUST(mkdir("closed", 0700));
    MUST(setuid(12345));
    TRY(chroot("none"));
    TRY(chroot("file"));
    TRY(chroot("closed"));
    TRY(chdir("closed"));
    TRY(chroot("."));
}

int main(void)
{
    char small[4];
    int fd;

    scratch_enter();
    if (!getcwd(top, sizeof top))
        return 1;
    MUST(mkdir("a", 0755));
    MUST(mkdir("a/b", 0755));
    file_make("file", "");
    child_run("another user", root_change);
    TRY(chdir("a/b"));
    here_say();
    child_run("child", child);
    here_say();
    TRY(fd = open("..", O_RDONLY | O_DIRECTORY));
    TRY(fchdir(fd));
    here_say();
    TRY(chdir("none"));
    TRY(chdir("../file"));
    TRY(fchdir(99));
    TRY(syscall(SYS_getcwd, small, sizeof small));
    TRY(chdir("b"));
    TRY(rmdir("../b"));
    here_say();
    TRY(open("x", O_CREAT | O_WRONLY, 0644));
    TRY(chdir(".."));
    TRY(chdir("/"));
    here_say();
    TRY(chdir("/.."));
    here_say();
    return 0;
}
