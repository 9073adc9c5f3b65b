/* Lines of threads, and the bitmap that says which are in use. */
#include "sched/levels.h"

#include "sched/thread.h"

void levels_initialize(struct levels *levels)
{
    *levels = (struct levels){.used = {0}};
    for (u32 i = 0; i < LEVEL_COUNT; i++)
        list_initialize(&levels->lines[i]);
}

void levels_add_first(struct levels *levels, u32 level, struct thread *thread)
{
    bitmap_set(levels->used, level);
    list_add_first(&levels->lines[level], &thread->entity.link);
}

void levels_add_last(struct levels *levels, u32 level, struct thread *thread)
{
    bitmap_set(levels->used, level);
    list_add_last(&levels->lines[level], &thread->entity.link);
}

void levels_remove(struct levels *levels, u32 level, struct thread *thread)
{
    list_remove(&thread->entity.link);
    if (list_is_empty(&levels->lines[level]))
        bitmap_clear(levels->used, level);
}

/* The highest level with a thread; -1 when there is none. */
static int highest(const struct levels *levels)
{
    for (int i = array_count(levels->used) - 1; i >= 0; i--)
        if (levels->used[i] != 0)
            return 32 * i + 31 - __builtin_clz(levels->used[i]);
    return -1;
}

struct thread *levels_find(const struct levels *levels,
                           const struct wanted *wanted)
{
    struct thread *thread;

    for (int level = highest(levels); level >= 0; level--)
        list_for_each (thread, &levels->lines[level], entity.link)
            if (thread_fits(thread, wanted))
                return thread;
    return NULL;
}
