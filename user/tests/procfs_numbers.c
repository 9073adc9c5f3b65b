/* What /proc says in numbers agrees with what the program knows: its mappings,
 * its files, its time, the machine's time. */
#include "say.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum { PAGE = 4096, WORK_MILLISECONDS = 200, MOST_MILLISECONDS = 10000 };

/* ---- mappings ------------------------------------------------------------ */

/* Is there a line for exactly this range, with these rights? */
static int mapped(const char *start, size_t size, const char *rights)
{
    char line[512], said[8];
    unsigned long from, to;
    int found = 0;
    FILE *file = fopen("/proc/self/maps", "r");

    if (!file)
        must("maps", -1);
    while (fgets(line, sizeof line, file))
        found += sscanf(line, "%lx-%lx %4s", &from, &to, said) == 3 &&
                 from == (uintptr_t)start && to == from + size &&
                 strcmp(said, rights) == 0;
    fclose(file);
    return found;
}

static void maps_say(void)
{
    /* Between two pages that differ from it, it is joined with nothing. */
    char *around =
        mmap(NULL, 5 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *middle = around + PAGE;
    char *shared = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    MUST(mprotect(middle, 3 * PAGE, PROT_READ | PROT_EXEC));
    say("read and execute: %d", mapped(middle, 3 * PAGE, "r-xp"));
    MUST(mprotect(middle, 3 * PAGE, PROT_READ | PROT_WRITE));
    say("read and write: %d, executable no more: %d",
        mapped(middle, 3 * PAGE, "rw-p"), !mapped(middle, 3 * PAGE, "r-xp"));
    MUST(mprotect(middle, PAGE, PROT_READ));
    say("in two: %d %d", mapped(middle, PAGE, "r--p"),
        mapped(middle + PAGE, 2 * PAGE, "rw-p"));
    say("shared: %d", mapped(shared, 2 * PAGE, "rw-s"));
    MUST(munmap(shared, 2 * PAGE));
    say("gone: %d", !mapped(shared, 2 * PAGE, "rw-s"));
}

/* ---- files --------------------------------------------------------------- */

static void file_name_say(int fd, const char *wanted)
{
    char link[64], name[256] = "";
    ssize_t length;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, name, sizeof name - 1);
    say("names its file: %d",
        length == (ssize_t)strlen(wanted) && memcmp(name, wanted, length) == 0);
}

static void files_say(void)
{
    char path[96];
    int fd, other;

    scratch_enter();
    file_make("one", "1");
    snprintf(path, sizeof path, "%s/one", scratch_path);
    fd = MUST(open("one", O_RDONLY));
    other = MUST(open("/dev/null", O_RDWR));
    file_name_say(fd, path);
    file_name_say(other, "/dev/null");
    MUST(dup2(fd, other));
    file_name_say(other, path);
    MUST(rename("one", "two"));
    snprintf(path, sizeof path, "%s/two", scratch_path);
    file_name_say(fd, path);
}

/* ---- time ---------------------------------------------------------------- */

static long milliseconds(struct timeval time)
{
    return time.tv_sec * 1000L + time.tv_usec / 1000;
}

static struct rusage usage(void)
{
    struct rusage usage;

    MUST(getrusage(RUSAGE_SELF, &usage));
    return usage;
}

/* The text of a small file below /proc. */
static const char *proc_read(const char *path)
{
    static char text[4096];
    int fd = MUST(open(path, O_RDONLY));
    ssize_t length = MUST(read(fd, text, sizeof text - 1));

    text[length] = '\0';
    close(fd);
    return text;
}

/* What all CPUs worked. */
static long machine_milliseconds(void)
{
    unsigned long user = 0, nice = 0, system = 0;

    if (sscanf(proc_read("/proc/stat"), "cpu %lu %lu %lu", &user, &nice,
               &system) != 3)
        say("no line of all CPUs");
    return (long)(user + nice + system) * 1000 / sysconf(_SC_CLK_TCK);
}

/* A machine that runs in another loses ticks: until enough of them came. */
static void work(long machine)
{
    volatile unsigned sum = 0;
    long own = 0;

    while (own < WORK_MILLISECONDS ||
           (own < MOST_MILLISECONDS &&
            machine_milliseconds() - machine < WORK_MILLISECONDS)) {
        for (unsigned i = 0; i < 1000000; i++)
            sum += i;
        own = milliseconds(usage().ru_utime);
    }
}

static long up_milliseconds(void)
{
    return (long)(atof(proc_read("/proc/uptime")) * 1000);
}

static int between(long low, long value, long high)
{
    enum { SLACK = 20 }; /* two ticks */

    return low - SLACK <= value && value <= high + SLACK;
}

static void usage_say(void)
{
    struct rusage before = usage(), after;
    const char *text = strrchr(proc_read("/proc/self/stat"), ')');
    long user = 0, system = 0, tick = 1000 / sysconf(_SC_CLK_TCK);

    after = usage();
    if (!text || sscanf(text,
                        ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
                        "%ld %ld",
                        &user, &system) != 2)
        say("no times in stat");
    say("user time: %d", between(milliseconds(before.ru_utime), user * tick,
                                 milliseconds(after.ru_utime)));
    say("system time: %d", between(milliseconds(before.ru_stime), system * tick,
                                   milliseconds(after.ru_stime)));
}

int main(void)
{
    long up = up_milliseconds(), machine = machine_milliseconds();

    maps_say();
    files_say();
    work(machine);
    usage_say();
    machine = machine_milliseconds() - machine;
    up = up_milliseconds() - up;
    say("the CPUs worked: %d, no longer than time went by: %d",
        machine >= WORK_MILLISECONDS,
        between(0, machine, up * sysconf(_SC_NPROCESSORS_ONLN)));
    say("time went by: %d", up >= WORK_MILLISECONDS / 2);
    return 0;
}
