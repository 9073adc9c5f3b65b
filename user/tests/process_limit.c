/* A full table of threads says EAGAIN: up to threads= less the 16 that are kept
 * for init's own children, and as many again after their end. */
/* only: spindle */
/* append: threads=64 */
#include "say.h"

#include <fcntl.h>

enum { LIMIT = 64, KEPT = 16 };

/* All threads of the machine, the kernel's as well. The books wait for those
 * that have ended to be gone. */
static int threads_count(void)
{
    char text[512] = "";
    int fd = MUST(open("/proc/books", O_RDONLY)), count = 0;

    MUST(read(fd, text, sizeof text - 1));
    close(fd);
    char *line = strstr(text, "threads ");
    if (!line || sscanf(line, "threads %d", &count) != 1)
        say("cannot read: %s", text);
    return count;
}

/* How many children there can be, all at once; then the error of fork. */
static int children_count(int *error)
{
    pid_t pids[LIMIT], pid;
    int count = 0;

    while (count < LIMIT && (pid = fork()) > 0)
        pids[count++] = pid;
    *error = errno;
    while (pid == 0)
        pause();
    for (int i = 0; i < count; i++) {
        kill(pids[i], SIGKILL);
        MUST(waitpid(pids[i], NULL, 0));
    }
    return count;
}

int main(void)
{
    int wrong = 0;

    for (int round = 0; round < 3; round++) {
        int before = threads_count(), error = 0;
        int children = children_count(&error);

        if (children != LIMIT - KEPT - before || error != EAGAIN) {
            say("%d threads and %d children, then %s", before, children,
                error_name(error));
            wrong++;
        }
    }
    if (wrong == 0)
        say("pass");
    return wrong != 0;
}
