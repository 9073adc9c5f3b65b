/*
 * /proc/lock_stat, and the key `d`: what the locks of each rank have cost so
 * far. In CHECKED builds only; the default build does not count.
 */
#include "proc/proc_locks.h"

#include "core/debug_key.h"
#include "core/lock_statistics.h"
#include "core/printk.h"
#include "lib/divide.h"
#include "lib/format.h"
#include "x86/clock.h"

#define LINE_SIZE 96
#define HEAD                                                                   \
    "rank                       taken  transfers contended  longest us\n"

/* False where there is nothing to say. */
static bool line_write(char *line, u32 rank)
{
    struct lock_figures sum;
    const char *name = lock_figures_of(rank, &sum);

    if (name == NULL || sum.taken == 0)
        return false;
    u64 longest = divide_u64(clock_span(sum.longest_hold), 1000, NULL);
    format_text(line, LINE_SIZE, "%-20s %11llu %10llu %9llu %11llu\n", name,
                sum.taken, sum.transferred, sum.contended, longest);
    return true;
}

int lock_stat_generate(struct text_buffer *text, struct inode *inode)
{
    char line[LINE_SIZE];

    (void)inode;
    text_append(text, HEAD);
    for (u32 rank = 0; rank < RANK_END; rank++)
        if (line_write(line, rank))
            text_append(text, "%s", line);
    return 0;
}

static void locks_print(void)
{
    char line[LINE_SIZE];

    printk(HEAD);
    for (u32 rank = 0; rank < RANK_END; rank++)
        if (line_write(line, rank))
            printk("%s", line);
}

static struct debug_key key = {
    .key = 'd', .what = "what locks have cost", .act = locks_print};

void proc_locks_start(void)
{
    debug_key_register(&key);
}
