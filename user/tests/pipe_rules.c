/* A pipe: bytes in order, end of file when the last writer has gone. */
#include "say.h"

#include <sys/syscall.h>

static int ends[2];

static void writer(void)
{
    close(ends[0]);
    MUST(write(ends[1], "from the child", 14));
}

int main(void)
{
    char bytes[32] = "";
    int copy;

    TRY(pipe(ends));
    TRY(write(ends[1], "abc", 3));
    TRY(write(ends[1], "def", 3));
    TRY(read(ends[0], bytes, 2));
    TRY(read(ends[0], bytes + 2, 30));
    say("read %s", bytes);
    TRY(read(ends[1], bytes, 1));
    TRY(write(ends[0], bytes, 1));
    TRY(write(ends[1], bytes, 0));
    child_run("writer", writer);
    memset(bytes, 0, sizeof bytes);
    TRY(read(ends[0], bytes, 32));
    say("read %s", bytes);
    TRY(copy = dup(ends[1]));
    TRY(close(ends[1]));
    TRY(write(copy, "x", 1));
    TRY(close(copy));
    TRY(read(ends[0], bytes, 32));
    TRY(read(ends[0], bytes, 32));
    TRY(read(ends[0], bytes, 32));
    TRY(syscall(SYS_pipe, 8));
    return 0;
}
