/*
 * The numbers by which user land names processes, threads, process groups and
 * sessions. All four share one range, and a number is free again only when
 * none of the four uses it: so a group never gets the number of a stranger.
 *
 * Everything here is under process_table_lock.
 */
#pragma once

#include "lib/list.h"

#define NUMBER_MAX 32768u /* numbers are below it */

enum number_kind {
    NUMBER_PROCESS,
    NUMBER_TASK,
    NUMBER_GROUP,
    NUMBER_SESSION,
};

/* Lives inside what it names. */
struct number {
    struct list link;
    u32 value;
    enum number_kind kind;
};

/* A number that nothing uses, or 0 when there is none. */
u32 number_choose(void);

void number_add(struct number *number, enum number_kind kind, u32 value);
void number_remove(struct number *number);

/* What has this number, or NULL. */
struct number *number_find(enum number_kind kind, u32 value);

/* The smallest used number of a kind that is >= value, or NULL. */
struct number *number_next(enum number_kind kind, u32 value);

/* All of a kind, in their order. */
#define number_for_each(number, kind)                                          \
    for (number = number_next(kind, 0); number;                                \
         number = number_next(kind, number->value + 1))

void numbers_start(void);
