/*
 * The indirect cost: how much longer a walk through memory takes after the
 * other side has walked through its own.
 */
#include "measure.h"
#include "pair.h"

#include "demos/demo.h"

enum { SMALLEST = 4096, LARGEST = 4 << 20, LINE = 64, PAGE = 4096 };
enum { ROUNDS_MAX = 100, BYTES = 64 << 20, BAR = 32 };

static char *ours, *theirs;
static size_t set_size;

/* One byte of each cache line. */
static void walk(const char *memory)
{
    for (size_t i = 0; i < set_size; i += LINE)
        (void)*(const volatile char *)(memory + i);
}

static void they_walk(void)
{
    walk(theirs);
}

/* How long our walk takes after what `before` does. Whatever else happens on
 * the machine only adds, so the shortest one tells. */
static double walk_measure(void (*before)(void))
{
    size_t rounds = BYTES / set_size;
    double least = 0;

    if (rounds > ROUNDS_MAX)
        rounds = ROUNDS_MAX;
    before();
    walk(ours);
    for (size_t i = 0; i < rounds; i++) {
        before();
        double start = now();
        walk(ours);
        double time = now() - start;
        if (i == 0 || time < least)
            least = time;
    }
    return least;
}

static double walk_measure_with(enum kind kind)
{
    pair_start_turns(kind, they_walk);
    double time = walk_measure(pair_turn);
    pair_end();
    return time;
}

/* A # for each factor of 1.41 above 100 ns. */
static void bar_print(double nanoseconds)
{
    char bar[BAR + 1] = "";

    for (int i = 0; i < BAR && nanoseconds > 100; i++, nanoseconds /= 1.41)
        bar[i] = '#';
    printf("  |%s\n", bar);
}

static void row_print(double alone, double thread, double process)
{
    printf("%5zu %10.2f %+10.2f %+10.2f %10.1f", set_size / 1024, alone / 1e3,
           (thread - alone) / 1e3, (process - alone) / 1e3,
           (process - alone) / (double)(set_size / PAGE));
    bar_print(process - alone);
    fflush(stdout);
}

static void explain(void)
{
    puts("\nAfterwards the caches hold the other's set. After another process "
         "the TLB holds\nnone of our pages either: its page table was loaded. "
         "On a real CPU both cost, and\nthe more the larger the set, up to "
         "where a set alone fits no cache.");
    puts("An emulator shows this only in part. QEMU's TCG has no model of "
         "caches: what it\nshows is its own table of translations, which is "
         "emptied with each load of a page\ntable, filled again page by page, "
         "and too small for two large sets; and whatever\nthe host's caches "
         "do. All of that is the host's time. With --icount, time is a\ncount "
         "of instructions, and a walk takes the same after any switch.");
}

void indirect_show(void)
{
    ours = malloc(LARGEST);
    theirs = malloc(LARGEST);
    if (!ours || !theirs) {
        fputs("switch-cost: no memory\n", stderr);
        exit(1);
    }
    memset(ours, 1, LARGEST);
    memset(theirs, 1, LARGEST);
    puts("\nA walk through a set, in microseconds: alone, and what it takes "
         "more after\na thread or a process has walked through its own. Each "
         "# is a factor of 1.41:");
    printf("%5s %10s %10s %10s %10s\n", "KiB", "alone", "thread", "process",
           "ns a page");
    for (set_size = SMALLEST; set_size <= LARGEST; set_size *= 2) {
        double alone = walk_measure(pair_turn_alone);
        double thread = walk_measure_with(THREADS);
        double process = walk_measure_with(PROCESSES);
        row_print(alone, thread, process);
    }
    explain();
}
