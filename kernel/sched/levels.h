/*
 * Threads in lines of many levels, the highest level first: what fixed
 * priorities and feedback queues are made of. A bitmap tells which lines have
 * somebody in them, so that the highest is found in a few steps.
 *
 * Protected by the lock of the run queue that they are part of.
 */
#pragma once

#include "lib/bitmap.h"
#include "lib/list.h"

#define LEVEL_COUNT 140u

struct thread;
struct wanted;

struct levels {
    u32 used[BITMAP_WORDS(LEVEL_COUNT)]; /* a bit for each line with threads */
    struct list lines[LEVEL_COUNT];      /* of thread.entity.link */
};

void levels_initialize(struct levels *levels);
void levels_add_first(struct levels *levels, u32 level, struct thread *thread);
void levels_add_last(struct levels *levels, u32 level, struct thread *thread);
/* Takes it out of the line of `level`, where it is. */
void levels_remove(struct levels *levels, u32 level, struct thread *thread);
/* The first thread, from the highest level down, that fits (thread_fits); NULL
 * when there is none. */
struct thread *levels_find(const struct levels *levels,
                           const struct wanted *wanted);
