/*
 * One pass over the words of the kernel's command line; the last word with
 * the key wins, so that what a user appends overrules what was there.
 */
#include "lib/command_line.h"
#include "lib/string.h"

/* The value behind `key` in the word of `length` bytes, or NULL. */
static const char *word_value(const char *word, size_t length, const char *key)
{
    size_t key_length = strlen(key);
    if (length < key_length || strncmp(word, key, key_length) != 0)
        return NULL;
    if (length == key_length)
        return word + length;
    return word[key_length] == '=' ? word + key_length + 1 : NULL;
}

bool command_line_get(const char *line, const char *key, char *value,
                      size_t size)
{
    bool found = false;
    while (*line != '\0') {
        size_t length = 0;
        while (line[length] != '\0' && line[length] != ' ')
            length++;
        const char *text = word_value(line, length, key);
        if (text != NULL && length != 0) {
            found = true;
            /* string_copy would run on into the next word. */
            size_t copied = min((size_t)(line + length - text) + 1, size);
            string_copy(value, text, copied);
        }
        line += length;
        while (*line == ' ')
            line++;
    }
    return found;
}
