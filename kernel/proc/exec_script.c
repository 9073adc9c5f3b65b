/*
 * Scripts: a file that begins with `#! INTERPRETER [ARGUMENT]` is run by its
 * interpreter, which gets that argument whole, spaces and all, and then the
 * script's path in place of argv[0]. An interpreter may be a script itself.
 */
#include "proc/exec_internal.h"

#include "lib/string.h"
#include <asm/errno.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static char *blanks_skip(char *text)
{
    while (is_blank(*text))
        text++;
    return text;
}

/* Copies the line behind #! without the blanks at its end. False when the
 * line does not end within what may be looked at. */
static bool line_take(const struct execution *execution, char *line)
{
    u32 size = min(execution->header_size, SCRIPT_LINE_SIZE - 1);
    u32 length = 2;
    while (length < size && execution->header[length] != '\n' &&
           execution->header[length] != '\0')
        length++;
    /* A cut line is good only when it is the whole file, or cut after the
     * interpreter's name. */
    bool cut = length == size && size < execution->header_size;
    while (length > 2 && is_blank(execution->header[length - 1]))
        length--;
    memcpy(line, execution->header + 2, length - 2);
    line[length - 2] = '\0';
    char *name = blanks_skip(line);
    return !cut || strchr(name, ' ') != NULL || strchr(name, '\t') != NULL;
}

/* Cuts the line in two: the interpreter's path, and its argument or NULL. */
static char *line_cut(char *line, char **argument)
{
    char *name = blanks_skip(line);
    char *end = name;
    while (*end != '\0' && !is_blank(*end))
        end++;
    *argument = NULL;
    if (*end != '\0') {
        *end = '\0';
        *argument = blanks_skip(end + 1);
    }
    return name;
}

int script_read(struct execution *execution, const char *path)
{
    if (execution->script_depth == SCRIPT_DEPTH_MAX)
        return -ELOOP;
    char *line = execution->lines[execution->script_depth++];
    if (!line_take(execution, line))
        return -ENOEXEC;
    char *argument;
    char *name = line_cut(line, &argument);
    if (*name == '\0')
        return -ENOEXEC;

    /* The first leading string, a script's path if any, is the path. */
    u32 before = argument != NULL ? 2 : 1;
    u32 kept = max(execution->leading_count, 1u) - 1;
    memmove(&execution->leading[before + 1], &execution->leading[1],
            kept * sizeof(execution->leading[0]));
    execution->leading[before] = path;
    execution->leading[0] = name;
    if (argument != NULL)
        execution->leading[1] = argument;
    execution->leading_count = before + 1 + kept;
    return 0;
}
