/*
 * The kernel's command line: words `key=value` or `key`, separated by spaces.
 */
#pragma once

#include "lib/types.h"

/* Finds the last word with this key. Copies its value (empty for a bare key)
 * into `value`, cut to `size`. Returns false when there is no such word. */
bool command_line_get(const char *line, const char *key, char *value,
                      size_t size);
