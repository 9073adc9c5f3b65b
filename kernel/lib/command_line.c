/*
 * One pass over the words of the kernel's command line; the last word with
 * the key wins, so that what a user appends overrules what was there.
 */
#include "lib/command_line.h"
#include "lib/string.h"

const char *command_line_value(const char *word, size_t length, const char *key)
{
    size_t key_length = strlen(key);
    if (length < key_length || strncmp(word, key, key_length) != 0)
        return NULL;
    if (length == key_length)
        return word + length;
    return word[key_length] == '=' ? word + key_length + 1 : NULL;
}

const char *command_line_word(const char **line, size_t *length)
{
    const char *word = *line;
    while (*word == ' ')
        word++;
    *length = 0;
    while (word[*length] != '\0' && word[*length] != ' ')
        ++*length;
    *line = word + *length;
    return *length != 0 ? word : NULL;
}

bool command_line_get(const char *line, const char *key, char *value,
                      size_t size)
{
    bool found = false;
    const char *word;
    size_t length;
    while ((word = command_line_word(&line, &length)) != NULL) {
        const char *text = command_line_value(word, length, key);
        if (text == NULL)
            continue;
        found = true;
        /* string_copy would run on into the next word. */
        size_t copied = min((size_t)(word + length - text) + 1, size);
        string_copy(value, text, copied);
    }
    return found;
}
