/*
 * /proc/lock_stat, and the key `d`: what locks have cost so far, each by itself
 * and together by rank. In CHECKED builds only; the default build does not
 * count.
 */
#include "proc/proc_locks.h"

#include "core/debug_key.h"
#include "core/lock_statistics.h"
#include "lib/divide.h"
#include "x86/clock.h"

static void figures_append(struct text_buffer *text,
                           const struct lock_figures *figures)
{
    u64 longest = divide_u64(clock_span(figures->longest_hold), 1000, NULL);

    text_append(text, " %11llu %10llu %9llu %11llu\n", figures->taken,
                figures->transferred, figures->contended, longest);
}

/* A rank, and below it each of its locks, or only those that went from CPU to
 * CPU */
static void rank_append(struct text_buffer *text, u32 rank, bool all)
{
    struct lock_figures figures;
    const char *name = lock_figures_of(rank, &figures);
    const void *lock;
    u32 position = 0;

    if (name == NULL || figures.taken == 0)
        return;
    text_append(text, "%-20s", name);
    figures_append(text, &figures);
    while ((lock = lock_figures_next(rank, &position, &figures)) != NULL) {
        if (!all && figures.transferred == 0)
            continue;
        text_append(text, "  %08x          ", (u32)(uintptr_t)lock);
        figures_append(text, &figures);
    }
}

static void locks_append(struct text_buffer *text, bool all)
{
    text_append(text, "%-20s %11s %10s %9s %11s\n", "rank, lock", "taken",
                "transfers", "contended", "longest us");
    for (u32 rank = 0; rank < RANK_END; rank++)
        rank_append(text, rank, all);
}

void lock_stat_tell(struct text_buffer *text)
{
    locks_append(text, true);
}

static void moved_tell(struct text_buffer *text)
{
    locks_append(text, false);
}

static void locks_print(void)
{
    text_log(moved_tell);
}

struct debug_key locks_key = {
    .key = 'd', .what = "what locks have cost", .act = locks_print};
