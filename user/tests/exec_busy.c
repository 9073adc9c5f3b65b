/* A file is written or run, never both at once: ETXTBSY. */
#include "say.h"

#include <fcntl.h>
#include <sys/mman.h>

static int ends[2];

static long run(const char *path)
{
    return execl(path, "copy", "sleep", (char *)NULL);
}

static void while_written(void)
{
    int fd = MUST(open("copy", O_RDWR));
    char *map;

    TRY(run("copy"));
    TRY(run("script"));
    map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    TRY(run("copy"));
    munmap(map, 4096);
}

static void while_running(void)
{
    TRY(open("copy", O_WRONLY));
    TRY(open("copy", O_RDWR));
    TRY(open("copy", O_RDONLY | O_TRUNC));
    TRY(truncate("copy", 0));
    TRY(close(open("copy", O_RDONLY)));
    TRY(rename("copy", "other"));
    TRY(open("other", O_WRONLY | O_APPEND));
    TRY(rename("other", "copy"));
    TRY(close(open("script", O_WRONLY)));
}

/* The copy, run: says so, and lives until its parent closes the pipe. */
static int sleeper(void)
{
    char byte;

    MUST(write(11, "x", 1));
    MUST(read(10, &byte, 1));
    return 7;
}

int main(int count, char **arguments)
{
    int status, up[2];
    char byte;

    if (count == 2 && strcmp(arguments[1], "sleep") == 0)
        return sleeper();
    if (count > 2)
        return 8;
    MUST(pipe(ends));
    MUST(pipe(up));
    dup2(ends[0], 10);
    scratch_enter();
    self_copy("copy");
    file_make("script", "#!copy\n");
    chmod("script", 0755);
    while_written();
    if (MUST(fork()) == 0) {
        dup2(up[1], 11);
        close(ends[1]);
        run("copy");
        _exit(9);
    }
    MUST(read(up[0], &byte, 1));
    while_running();
    close(ends[1]);
    MUST(wait(&status));
    say_status("the copy", status);
    TRY(close(open("copy", O_WRONLY)));
    return 0;
}
