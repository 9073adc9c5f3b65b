/* mlock() and MAP_POPULATE make pages before they are touched. */
#include "say.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define PAGE  4096
#define PAGES 8

static const int both = PROT_READ | PROT_WRITE;

static char *map(int rights, int flags)
{
    char *start = mmap(NULL, PAGES * PAGE, rights,
                       MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

    if (start == MAP_FAILED)
        say("  map: %s", error_name(errno));
    return start;
}

static void say_present(const char *when, char *start)
{
    unsigned char present[PAGES];
    int count = 0;

    MUST(mincore(start, sizeof present * PAGE, present));
    for (int i = 0; i < PAGES; i++)
        count += present[i] & 1;
    say("%s: %d", when, count);
}

static long faults(void)
{
    struct rusage usage;

    MUST(getrusage(RUSAGE_SELF, &usage));
    return usage.ru_minflt;
}

static void populate(void)
{
    char *start = map(both, 0);
    long before;

    say_present("mapped", start);
    start = map(both, MAP_POPULATE);
    say_present("populated", start);
    before = faults();
    memset(start, 1, PAGES * PAGE);
    say("faults: %ld", faults() - before);
    say_present("read only", map(PROT_READ, MAP_POPULATE));
    start = map(PROT_NONE, MAP_POPULATE);
    TRY(mprotect(start, PAGE, both));
    say("%d", *start);
}

static void lock(void)
{
    char *start = map(both, 0), *hole = map(both, 0), *none = map(PROT_NONE, 0);

    TRY(mlock(start + PAGE + 1, PAGE));
    say_present("two pages", start);
    TRY(madvise(start, 3 * PAGE, MADV_DONTNEED));
    TRY(munlock(start, 2 * PAGE));
    TRY(madvise(start, 2 * PAGE, MADV_DONTNEED));
    say_present("unlocked and forgotten", start);
    TRY(mlock2(start, PAGES * PAGE, MLOCK_ONFAULT));
    say_present("on fault", start);
    TRY(mlock2(start, PAGE, 77));
    TRY(munmap(hole + PAGE, PAGE));
    TRY(mlock(hole, 3 * PAGE));
    TRY(munlock(hole, 3 * PAGE));
    TRY(mlock(none, PAGE));
    TRY(mlock(start, 0));
    TRY(mlock((char *)-PAGE, 2 * PAGE));
    TRY(munlock(start, PAGES * PAGE));
    say_present("locked by mmap", map(both, MAP_LOCKED));
}

static void lock_all(void)
{
    char *start = map(both, 0), *heap;

    TRY(mlockall(0));
    TRY(mlockall(MCL_ONFAULT));
    TRY(mlockall(128));
    TRY(mlockall(MCL_CURRENT));
    say_present("all", start);
    say_present("later", map(both, 0));
    TRY(mlockall(MCL_FUTURE));
    say_present("future", map(both, 0));
    heap = (char *)syscall(SYS_brk, 0);
    MUST(syscall(SYS_brk, heap + (PAGES + 1) * PAGE));
    say_present("heap", heap + (-(long)heap & (PAGE - 1)));
    TRY(munlockall());
    say_present("no more", map(both, 0));
    TRY(madvise(start, PAGE, MADV_DONTNEED));
}

static void limited(void)
{
    char *start = map(both, 0);

    MUST(setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){2 * PAGE, 2 * PAGE}));
    TRY(mlock(start, 3 * PAGE));
    MUST(munlock(start, 3 * PAGE));
    MUST(setuid(12345));
    TRY(mlock(start, 3 * PAGE));
    TRY(mlock(start, 2 * PAGE));
    TRY(mlock(start + 4 * PAGE, PAGE));
    TRY(munlock(start + PAGE, PAGE));
    TRY(mlock(start + 4 * PAGE, PAGE));
    TRY(mlockall(MCL_CURRENT));
    map(both, MAP_LOCKED);
    MUST(setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){0, 0}));
    TRY(mlock(start, PAGE));
    TRY(mlockall(MCL_CURRENT));
    map(both, MAP_LOCKED);
}

int main(void)
{
    populate();
    lock();
    child_run("limited", limited);
    lock_all();
    return 0;
}
