/* Parent and child share open files with their offset, not the descriptors. */
#include "say.h"

#include <fcntl.h>

static int fd;

static void child(void)
{
    char bytes[3] = "";

    MUST(read(fd, bytes, 2));
    say("child read %s", bytes);
    TRY(close(fd));
    TRY(open("/dev/null", O_RDONLY));
    TRY(open("/dev/null", O_RDONLY));
}

int main(void)
{
    char bytes[3] = "";

    scratch_enter();
    file_make("file", "abcdef");
    TRY(fd = open("file", O_RDONLY));
    MUST(read(fd, bytes, 2));
    say("read %s", bytes);
    child_run("child", child);
    MUST(read(fd, bytes, 2));
    say("then %s", bytes);
    TRY(open("/dev/null", O_RDONLY));
    return 0;
}
