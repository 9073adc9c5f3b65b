/*
 * Waiting for many files at once.
 *
 * Each round first queues a waiter on everything and looks, then parks: what
 * happens in between unparks, so nothing is missed. As soon as one file is
 * ready the rest are only asked. The first waiters stand on the stack.
 */
#include "fs/poll.h"

#include "fs/file.h"
#include "mem/heap.h"
#include "x86/clock.h"
#include <asm/errno.h>
#include <asm/poll.h>

#define WAITERS_PER_CHUNK 32u

struct poll_chunk {
    struct poll_chunk *next;
    u32 used;
    struct waiter waiters[WAITERS_PER_CHUNK];
};

struct poll_table {
    bool failed;
    struct poll_chunk *newest; /* only that one has room */
    struct poll_chunk first;
};

static struct waiter *waiter_find_free(struct poll_table *table)
{
    struct poll_chunk *chunk = table->newest;
    if (chunk->used == WAITERS_PER_CHUNK) {
        chunk = heap_alloc(sizeof(*chunk));
        if (chunk == NULL)
            return NULL;
        chunk->used = 0;
        chunk->next = table->newest;
        table->newest = chunk;
    }
    return &chunk->waiters[chunk->used++];
}

void poll_table_add(struct poll_table *table, struct wait_queue *queue)
{
    if (table == NULL)
        return;
    struct waiter *waiter = waiter_find_free(table);
    if (waiter == NULL)
        table->failed = true;
    else
        waiter_add(waiter, queue);
}

static void poll_table_clear(struct poll_table *table)
{
    for (;;) {
        struct poll_chunk *chunk = table->newest;
        for (u32 i = 0; i < chunk->used; i++)
            waiter_remove(&chunk->waiters[i]);
        chunk->used = 0;
        if (chunk == &table->first)
            return;
        table->newest = chunk->next;
        heap_free(chunk);
    }
}

/* Looks at all files, queueing on them until one is ready (table NULL: only
 * looks). How many are. */
static int poll_look(struct poll_item *items, u32 count,
                     struct poll_table *table)
{
    int ready = 0;
    for (u32 i = 0; i < count; i++) {
        struct poll_item *item = &items[i];
        item->result = 0;
        if (item->file == NULL)
            continue;
        u32 state = file_poll(item->file, ready == 0 ? table : NULL);
        item->result = state & (item->events | POLLERR | POLLHUP);
        ready += item->result != 0;
    }
    return ready;
}

int poll_wait(struct poll_item *items, u32 count, u64 deadline)
{
    struct poll_table table; /* not cleared: most of it stays unused */
    table.failed = false;
    table.newest = &table.first;
    table.first.used = 0;
    if (deadline == POLL_NO_WAIT)
        return poll_look(items, count, NULL);
    while (true) {
        int ready = poll_look(items, count, &table);
        bool late = deadline != 0 && clock_nanoseconds() >= deadline;
        if (ready == 0 && table.failed)
            ready = -ENOMEM;
        else if (ready == 0 && !late && thread_is_interrupted())
            ready = -EINTR;
        else if (ready == 0 && !late)
            thread_park_until(deadline);
        poll_table_clear(&table);
        if (ready != 0 || late)
            return ready;
    }
}
