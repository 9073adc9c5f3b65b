/* Changing a file takes its set-ID bits, and dates stay where asked to. */
#include "say.h"

#include <fcntl.h>
#include <time.h>

static void mode_say(const char *when, const char *path)
{
    struct stat about;

    MUST(stat(path, &about));
    say("%s: %o", when, about.st_mode);
}

/* A file of the other user's, writable by all. */
static void file_new(const char *path, mode_t mode)
{
    file_make(path, "text");
    MUST(chown(path, 12345, 12345));
    MUST(chmod(path, mode));
}

static void others_write(void)
{
    int fd;

    MUST(setgid(12345));
    MUST(setuid(12345));
    fd = MUST(open("written", O_WRONLY));
    mode_say("opened", "written");
    MUST(write(fd, "x", 1));
    mode_say("written", "written");
    MUST(truncate("cut", 2));
    mode_say("cut", "cut");
    MUST(close(open("emptied", O_WRONLY | O_TRUNC)));
    mode_say("emptied", "emptied");
    MUST(write(open("group", O_WRONLY), "x", 1));
    mode_say("not for the group to run", "group");
    MUST(chmod("group", 06775));
    mode_say("own group", "group");
    TRY(chmod("foreign", 06775));
    mode_say("foreign group", "foreign");
    TRY(open("root", O_RDONLY | O_NOATIME) < 0);
    TRY(fcntl(open("root", O_RDONLY), F_SETFL, O_NOATIME));
    TRY(open("cut", O_RDONLY | O_NOATIME) < 0);
}

static void read_dated(const char *when, int flags)
{
    struct timespec old[2] = {{1000, 0}, {2000, 0}};
    struct stat about;
    char byte;
    int fd = MUST(open("root", O_RDONLY | flags));

    MUST(futimens(fd, old));
    MUST(read(fd, &byte, 1));
    MUST(fstat(fd, &about));
    say("%s: moved %d", when, about.st_atime != 1000);
    close(fd);
}

int main(void)
{
    scratch_enter();
    MUST(chmod(".", 0777));
    umask(0);
    file_new("written", 06777);
    file_new("cut", 06777);
    file_new("emptied", 06777);
    file_new("group", 02767);
    file_new("foreign", 0777);
    MUST(chown("foreign", 12345, 0));
    file_new("own", 06777);
    MUST(write(open("own", O_WRONLY), "x", 1));
    mode_say("written by root", "own");
    file_make("root", "text");
    read_dated("read", 0);
    read_dated("read without a trace", O_NOATIME);
    child_run("others", others_write);
    MUST(chown("own", 0, 0));
    mode_say("given away", "own");
    file_new("group", 02767);
    MUST(chown("group", 0, 0));
    mode_say("given away, not for the group to run", "group");
    return 0;
}
