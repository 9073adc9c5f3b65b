/*
 * From the words of the tree to arguments: $x and $(command) are replaced, what
 * comes out of them unquoted is split at blanks, patterns become the names of
 * the files that they match, quotes go.
 *
 * A field under construction is kept as a pattern: characters that must not
 * act carry a backslash, as glob() wants it.
 */
#include "sh.h"

#include <ctype.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct expansion {
    struct words fields;
    struct text field; /* the one under construction */
    bool quotes;       /* it had some, so it counts though it may be empty */
    bool splits;       /* unquoted values are split and patterns matched */
};

static void char_add(struct expansion *into, char byte, bool literal)
{
    if (byte == '\\' || (literal && strchr("*?[]", byte)))
        text_add(&into->field, '\\');
    text_add(&into->field, byte);
}

static char *backslashes_remove(const char *from)
{
    struct text text = {memory_string("", 0), 0};

    for (; from && *from; from++) {
        from += *from == '\\';
        text_add(&text, *from);
    }
    return text.bytes;
}

/* Ends a field. A pattern that no file matches stays as it is. */
static void field_end(struct expansion *into)
{
    char *field = into->field.bytes, **name;
    glob_t found = {0};

    if (field && strpbrk(field, "*?[") && !glob(field, 0, NULL, &found))
        for (name = found.gl_pathv; *name; name++)
            words_add(&into->fields, memory_string(*name, strlen(*name)));
    else if (field || into->quotes)
        words_add(&into->fields, backslashes_remove(field));
    globfree(&found);
    into->field = (struct text){NULL, 0};
    into->quotes = false;
}

static void value_add(struct expansion *into, const char *value, bool quoted)
{
    for (; *value; value++)
        if (into->splits && !quoted && strchr(" \t\n", *value))
            field_end(into);
        else
            char_add(into, *value, quoted);
}

/* "$@" keeps the arguments apart, and is nothing at all without any. */
static void arguments_add(struct expansion *into, bool quoted)
{
    into->quotes = quoted && shell.arguments[1];
    for (char **argument = shell.arguments + 1; *argument; argument++) {
        value_add(into, *argument, quoted);
        if (argument[1] && into->splits)
            field_end(into);
        else if (argument[1])
            char_add(into, ' ', true);
        into->quotes = quoted;
    }
}

/* Adds the output of a command without the newlines at its end. */
static void output_add(struct expansion *into, const char *command, bool quoted)
{
    struct text output = {memory_string("", 0), 0};
    struct node *tree;
    FILE *reader;
    int ends[2], byte;
    pid_t pid;

    if (parse(command, &tree) != PARSED || pipe(ends) < 0) {
        shell.substituted = complain(2, command, "cannot be run");
        return;
    }
    pid = process_start(tree, 0, ends[1], ends[0]);
    close(ends[1]);
    reader = fdopen(ends[0], "r");
    while ((byte = getc(reader)) != EOF)
        text_add(&output, byte);
    fclose(reader);
    shell.substituted = process_wait(pid);
    while (output.length && output.bytes[output.length - 1] == '\n')
        output.bytes[--output.length] = '\0';
    value_add(into, output.bytes, quoted);
}

/* The length of the parameter name that `text` begins with, or 0. */
size_t name_length(const char *text)
{
    size_t length = 0;

    if (isdigit((unsigned char)*text) || (*text && strchr("?$!#@*", *text)))
        return 1;
    while (isalnum((unsigned char)text[length]) || text[length] == '_')
        length++;
    return length;
}

static const char *parameter_value(const char *name)
{
    char *number = memory_take(16);
    int count = 0;

    while (shell.arguments[count])
        count++;
    if (isdigit((unsigned char)*name))
        return *name - '0' < count ? shell.arguments[*name - '0'] : "";
    if (!strchr("?$!#", *name))
        return getenv(name) ? getenv(name) : "";
    sprintf(number, "%d",
            *name == '?'   ? shell.status
            : *name == '$' ? shell.pid
            : *name == '!' ? shell.background
                           : count - 1);
    return number;
}

/* Expands what the `$` at `at` begins, and returns what follows it. */
static const char *dollar_expand(struct expansion *into, const char *at,
                                 bool quoted)
{
    const char *end = piece_end(at++);
    bool brace = *at == '{';
    size_t length = name_length(at + brace);
    char *name = memory_string(at + brace, length);

    if (*at == '(')
        output_add(into, memory_string(at + 1, end - at - 2), quoted);
    else if (*name == '@' || *name == '*')
        arguments_add(into, quoted);
    else if (length)
        value_add(into, parameter_value(name), quoted);
    else
        char_add(into, '$', true);
    return brace || *at == '(' ? end : at + length;
}

/* Expands up to `end`, which is `"` within such quotes and else a NUL. */
static const char *text_expand(struct expansion *into, const char *at, char end)
{
    while (*at != end) {
        if (*at == '$') {
            at = dollar_expand(into, at, end);
        } else if (*at == '\\') {
            if (end && !strchr("$`\"\\\n", at[1]))
                char_add(into, '\\', true);
            if (at[1] != '\n')
                char_add(into, at[1], true);
            at += 2;
        } else if (*at == '"') {
            into->quotes = true;
            at = text_expand(into, at + 1, '"') + 1;
        } else if (*at == '\'' && !end) {
            into->quotes = true;
            while (*++at != '\'')
                char_add(into, *at, true);
            at++;
        } else {
            char_add(into, *at++, end);
        }
    }
    return at;
}

char **words_expand(char **words)
{
    struct expansion into = {.splits = true};

    for (; words && *words; words++) {
        text_expand(&into, *words, '\0');
        field_end(&into);
    }
    return into.fields.at;
}

/* One word stays one string: for assignments and redirections. */
char *word_expand(const char *word)
{
    struct expansion into = {.splits = false};

    text_expand(&into, word, '\0');
    return backslashes_remove(into.field.bytes);
}
