/* A file in memory is seen in /proc/meminfo and sysinfo as long as it is there.
 */
#include "say.h"

#include <fcntl.h>
#include <string.h>
#include <sys/sysinfo.h>

enum { MEGABYTES = 8, TOLERANCE = 512 };

/* KiB that /proc/meminfo tells under a name */
static long told(const char *name)
{
    char line[128];
    long value = -1;
    FILE *file = fopen("/proc/meminfo", "r");

    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
            value = atol(line + strlen(name) + 1);
    if (file)
        fclose(file);
    return value;
}

static long shared(void)
{
    struct sysinfo info;

    MUST(sysinfo(&info));
    return (long)(info.sharedram / 1024 * info.mem_unit);
}

static struct {
    long cached, shared, info;
} before;

static int is_near(long value, long wanted)
{
    return value > wanted - TOLERANCE && value < wanted + TOLERANCE;
}

static void compare(const char *when, long wanted)
{
    say("%s: Cached %d, Shmem %d, sysinfo %d", when,
        is_near(told("Cached") - before.cached, wanted),
        is_near(told("Shmem") - before.shared, wanted),
        is_near(shared() - before.info, wanted));
}

int main(void)
{
    static char megabyte[1 << 20];
    int fd = MUST(open("large", O_CREAT | O_RDWR, 0600));

    before.cached = told("Cached");
    before.shared = told("Shmem");
    before.info = shared();
    say("all are told: %d", before.cached >= 0 && before.shared >= 0);
    for (int i = 0; i < MEGABYTES; i++)
        MUST(write(fd, megabyte, sizeof megabyte));
    compare("written", MEGABYTES * 1024);
    MUST(ftruncate(fd, sizeof megabyte));
    compare("cut", 1024);
    MUST(close(fd));
    MUST(unlink("large"));
    compare("removed", 0);
    return 0;
}
