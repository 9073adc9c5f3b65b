/* A new descriptor is the lowest free one from where it may begin, whatever
 * was opened, closed, put in place or refused before. */
#include "say.h"

#include <fcntl.h>

#define NUMBERS 200
#define STEPS   20000

static char taken[NUMBERS + 1]; /* the last is never taken */
static unsigned seed = 1;

static int draw(int below)
{
    seed = seed * 1103515245 + 12345;
    return (seed >> 16) % below;
}

static int lowest_from(int fd)
{
    while (taken[fd])
        fd++;
    return fd;
}

/* One step; what came in place of what had to come, or -1. */
static int step(void)
{
    int fd = 3 + draw(NUMBERS - 3), wanted;

    switch (draw(6)) {
    case 0:
    case 1:
        if (lowest_from(0) == NUMBERS)
            return -1;
        wanted = lowest_from(0);
        fd = dup(0);
        break;
    case 2:
        wanted = lowest_from(fd);
        if (wanted == NUMBERS)
            return -1;
        fd = fcntl(0, F_DUPFD, fd);
        break;
    case 3:
        wanted = dup2(0, fd);
        break;
    case 4:
        return open("/no/such/file", O_RDONLY) == -1 ? -1 : fd;
    default:
        wanted = taken[fd] ? 0 : -1;
        taken[fd] = 0;
        return close(fd) == wanted ? -1 : fd;
    }
    taken[wanted] = 1;
    return fd == wanted ? -1 : fd;
}

int main(void)
{
    int wrong = 0, sum = 0;

    for (int fd = 3; fd < NUMBERS; fd++)
        close(fd);
    taken[0] = taken[1] = taken[2] = 1;
    for (int i = 0; i < STEPS; i++)
        wrong += step() != -1;
    for (int fd = 0; fd < NUMBERS; fd++)
        sum += taken[fd];
    say("wrong numbers: %d; taken at the end: %d", wrong, sum);
    return 0;
}
