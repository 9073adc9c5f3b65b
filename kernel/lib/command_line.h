/*
 * The kernel's command line: words `key=value` or `key`, separated by spaces.
 */
#pragma once

#include "lib/types.h"

/* The word at `*line` or behind blanks there, and `*line` behind it; NULL at
 * the end. It ends at a blank, after `*length` bytes. */
const char *command_line_word(const char **line, size_t *length);

/* The value behind `key` in a word of `length` bytes, or NULL */
const char *command_line_value(const char *word, size_t length,
                               const char *key);

/* Finds the last word with this key. Copies its value (empty for a bare key)
 * into `value`, cut to `size`. Returns false when there is no such word. */
bool command_line_get(const char *line, const char *key, char *value,
                      size_t size);
