/* A process gets no more descriptors than its limit, and all of them back. */
#include "say.h"

#include <fcntl.h>
#include <sys/resource.h>

int main(void)
{
    struct rlimit limit = {20, 20};
    int count = 0, fd, ends[2];

    for (fd = 3; fd < 20; fd++)
        close(fd);
    TRY(setrlimit(RLIMIT_NOFILE, &limit));
    TRY(getrlimit(RLIMIT_NOFILE, &limit));
    say("limit %d", (int)limit.rlim_cur);
    while ((fd = open("/dev/null", O_RDONLY)) >= 0)
        count++;
    say("opened %d, then %s", count, error_name(errno));
    TRY(dup(0));
    TRY(dup2(0, 20));
    TRY(dup2(0, 19));
    TRY(fcntl(0, F_DUPFD, 20));
    TRY(close(7));
    TRY(pipe(ends));
    TRY(open("/dev/null", O_RDONLY));
    limit.rlim_cur = 21;
    TRY(setrlimit(RLIMIT_NOFILE, &limit));
    return 0;
}
