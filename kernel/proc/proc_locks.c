/*
 * /proc/lock_stat, and the key `d`: what the locks of each rank have cost so
 * far. In CHECKED builds only; the default build does not count.
 */
#include "proc/proc_locks.h"

#include "core/debug_key.h"
#include "core/lock_statistics.h"
#include "lib/divide.h"
#include "x86/clock.h"

static void row_append(struct text_buffer *text, u32 rank)
{
    struct lock_figures sum;
    const char *name = lock_figures_of(rank, &sum);

    if (name == NULL || sum.taken == 0)
        return;
    u64 longest = divide_u64(clock_span(sum.longest_hold), 1000, NULL);
    text_append(text, "%-20s %11llu %10llu %9llu %11llu\n", name, sum.taken,
                sum.transferred, sum.contended, longest);
}

void lock_stat_tell(struct text_buffer *text)
{
    text_append(text, "%-20s %11s %10s %9s %11s\n", "rank", "taken",
                "transfers", "contended", "longest us");
    for (u32 rank = 0; rank < RANK_END; rank++)
        row_append(text, rank);
}

static void locks_print(void)
{
    text_log(lock_stat_tell);
}

struct debug_key locks_key = {
    .key = 'd', .what = "what locks have cost", .act = locks_print};
