/* The flags of a descriptor are its own; those of the open file are shared. */
#include "say.h"

#include <fcntl.h>
#include <sys/syscall.h>

#define SHOWN (O_ACCMODE | O_APPEND | O_NONBLOCK)

/* What was asked for at the opening comes back, less what was for the opening
 * only, whatever else the number held. */
static void get_flags(void)
{
    static const int asked[] = {
        O_RDONLY,
        O_RDWR | O_CREAT | O_TRUNC | O_NOCTTY | O_EXCL,
        O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC,
        O_RDONLY | O_NOFOLLOW | O_SYNC,
        O_RDONLY | O_DSYNC | O_NOATIME,
        O_RDONLY | 020 | 040,
        3,
    };
    int ends[2], fd;

    for (size_t i = 0; i < COUNT(asked); i++) {
        fd = MUST(open(i == 1 ? "fresh" : "file", asked[i]));
        say("asked %o: %o", asked[i], (int)MUST(fcntl(fd, F_GETFL)));
        close(fd);
    }
    fd = MUST(open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    say("directory: %o", (int)MUST(fcntl(fd, F_GETFL)));
    MUST(fcntl(fd, F_SETFL, O_WRONLY | O_NONBLOCK | O_CREAT | O_SYNC));
    say("directory: %o", (int)MUST(fcntl(fd, F_GETFL)));
    fd = MUST(open("file", O_PATH | O_RDWR | O_CLOEXEC));
    say("path: %o", (int)MUST(fcntl(fd, F_GETFL)));
    MUST(pipe2(ends, O_NONBLOCK | O_CLOEXEC));
    say("pipe: %o %o", (int)MUST(fcntl(ends[0], F_GETFL)),
        (int)MUST(fcntl(ends[1], F_GETFL)));
    fd = MUST(syscall(SYS_open, "file", O_WRONLY));
    say("without O_LARGEFILE: %o", (int)MUST(fcntl(fd, F_GETFL)));
    say("null: %o", (int)MUST(fcntl(open("/dev/null", O_RDWR), F_GETFL)));
}

int main(void)
{
    int fd, copy, ends[2];

    scratch_enter();
    TRY(fd = open("file", O_CREAT | O_RDWR | O_CLOEXEC, 0644));
    TRY(copy = dup(fd));
    TRY(fcntl(fd, F_GETFD));
    TRY(fcntl(copy, F_GETFD));
    TRY(fcntl(fd, F_SETFD, 0));
    TRY(fcntl(fd, F_GETFD));
    TRY(fcntl(fd, F_GETFL) & SHOWN);
    TRY(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK | O_WRONLY));
    TRY(fcntl(copy, F_GETFL) & SHOWN);
    TRY(fcntl(fd, F_SETFL, 0));
    TRY(fcntl(copy, F_GETFL) & SHOWN);
    TRY(fcntl(99, F_GETFL));
    TRY(fcntl(fd, 12345, 0));
    TRY(pipe2(ends, O_NONBLOCK | O_CLOEXEC));
    TRY(fcntl(ends[0], F_GETFL) & SHOWN);
    TRY(fcntl(ends[1], F_GETFL) & SHOWN);
    TRY(fcntl(ends[1], F_GETFD));
    TRY(pipe2(ends, 12345));
    get_flags();
    return 0;
}
