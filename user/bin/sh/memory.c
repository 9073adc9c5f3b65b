/*
 * Memory as a stack: returning the first of some blocks returns all that came
 * later. The stretch is large; only what was touched ever costs a frame.
 */
#include "sh.h"

#include <stdlib.h>
#include <string.h>

static char stretch[128 << 20];
static size_t used;

/* Zeroed. */
void *memory_take(size_t size)
{
    size_t start = used;

    if (size > sizeof stretch - 8 - used)
        exit(complain(2, "memory", "there is no more"));
    used += (size + 7) & ~7;
    return memset(stretch + start, 0, size);
}

void memory_return(void *first)
{
    used = (char *)first - stretch;
}

char *memory_string(const char *from, size_t length)
{
    return memcpy(memory_take(length + 1), from, length);
}

/* Room doubles at 0, 1, 3, 7, ...: the count alone says how much there is. */
void words_add(struct words *words, char *word)
{
    if ((words->count & (words->count + 1)) == 0)
        words->at = memcpy(memory_take((2 * words->count + 2) * sizeof word),
                           words->count ? words->at : &word,
                           words->count * sizeof word);
    words->at[words->count++] = word;
}

void text_add(struct text *text, char byte)
{
    if ((text->length & (text->length + 1)) == 0)
        text->bytes = memcpy(memory_take(2 * text->length + 2),
                             text->length ? text->bytes : "", text->length);
    text->bytes[text->length++] = byte;
}
