/* execve() refuses what cannot run, and then nothing has changed. */
#include "say.h"

#include <fcntl.h>
#include <sys/syscall.h>

static char *arguments[] = {"name", NULL}, *environment[] = {NULL};

static long run(const char *path)
{
    return syscall(SYS_execve, path, arguments, environment);
}

static void file_write(const char *path, const void *bytes, size_t size)
{
    int fd = MUST(open(path, O_CREAT | O_WRONLY | O_TRUNC, 0755));

    MUST(write(fd, bytes, size));
    MUST(close(fd));
}

/* More than any limit allows, in strings that are fine by themselves. */
static void too_much(void)
{
    enum { MANY = 2000 };
    static char piece[4096], *many[MANY + 1];

    memset(piece, 'x', sizeof piece - 1);
    for (int i = 0; i < MANY; i++)
        many[i] = piece;
    TRY(syscall(SYS_execve, self_path(), many, environment));
    TRY(syscall(SYS_execve, self_path(), arguments, many));
}

int main(void)
{
    static char huge[200000], *long_one[] = {huge, NULL};
    unsigned char header[128] = "\177ELF\1\1\1";

    scratch_enter();
    TRY(run("none"));
    TRY(run(""));
    MUST(mkdir("dir", 0755));
    TRY(run("dir"));
    file_write("empty", "", 0);
    TRY(run("empty"));
    file_write("text", "just some text\n", 15);
    TRY(run("text"));
    MUST(chmod("text", 0644));
    TRY(run("text"));
    TRY(run("text/x"));
    file_write("short", header, 20);
    TRY(run("short"));
    file_write("header", header, sizeof header);
    TRY(run("header"));
    file_write("script", "#!none\n", 7);
    TRY(run("script"));
    file_write("script2", "#!\n", 3);
    TRY(run("script2"));
    MUST(symlink("loop", "loop"));
    TRY(run("loop"));
    TRY(run(NULL));
    TRY(syscall(SYS_execve, self_path(), 8, environment));
    memset(huge, 'x', sizeof huge - 1);
    TRY(syscall(SYS_execve, self_path(), long_one, environment));
    too_much();
    say("still here");
    return 0;
}
