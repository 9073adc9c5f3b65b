/*
 * A hash table from number to what has it, and a bit a number that tells
 * whether anything has. Consecutive numbers go to consecutive rows, so with
 * fewer than NUMBER_ROWS things alive a search looks at one or two.
 */
#include "proc/number.h"
#include "lib/bitmap.h"

#define NUMBER_ROWS  1024u
#define NUMBER_FIRST 2u /* where the search begins again; 1 is init */

static struct list rows[NUMBER_ROWS];
static u32 used[BITMAP_WORDS(NUMBER_MAX)];
static u32 next_number = 1;

static struct list *row_of(u32 value)
{
    return &rows[value % NUMBER_ROWS];
}

void numbers_start(void)
{
    for (u32 i = 0; i < NUMBER_ROWS; i++)
        list_initialize(&rows[i]);
}

u32 number_choose(void)
{
    u32 value = bitmap_find_clear(used, NUMBER_MAX, next_number);

    if (unlikely(value == NUMBER_MAX))
        value = bitmap_find_clear(used, NUMBER_MAX, NUMBER_FIRST);
    if (unlikely(value == NUMBER_MAX))
        return 0;
    next_number = value + 1;
    return value;
}

void number_add(struct number *number, enum number_kind kind, u32 value)
{
    number->kind = kind;
    number->value = value;
    list_add_first(row_of(value), &number->link);
    bitmap_set(used, value);
}

void number_remove(struct number *number)
{
    struct number *other;

    list_remove(&number->link);
    list_for_each (other, row_of(number->value), link)
        if (other->value == number->value)
            return;
    bitmap_clear(used, number->value);
}

struct number *number_find(enum number_kind kind, u32 value)
{
    struct number *number;

    list_for_each (number, row_of(value), link)
        if (number->value == value && number->kind == kind)
            return number;
    return NULL;
}

struct number *number_next(enum number_kind kind, u32 value)
{
    for (; value < NUMBER_MAX; value++) {
        struct number *number = NULL;
        if (used[value / 32] == 0)
            value |= 31; /* none in this word */
        else if (bitmap_test(used, value))
            number = number_find(kind, value);
        if (number)
            return number;
    }
    return NULL;
}
