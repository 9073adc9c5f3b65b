/*
 * From words as written to arguments: $x and $(command) are replaced, what
 * comes out of them unquoted is split at blanks, patterns become the names of
 * the files that they match, quotes go. Only one word is expanded at a time,
 * since $(command) runs in another process.
 */
#include "sh.h"

static glob_t words;      /* those that are done */
static struct text field; /* the next one, as a pattern for glob() */
static bool present;      /* it counts even if it is empty */
static bool splits;       /* unquoted blanks end it */

/* Room doubles at 0, 1, 3, 7, ...: the length says how much there is. */
void text_add(struct text *text, char byte)
{
    if ((text->length & (text->length + 1)) == 0)
        text->bytes = realloc(text->bytes, 2 * text->length + 2);
    if (!text->bytes)
        err(2, "memory");
    text->bytes[text->length++] = byte;
    text->bytes[text->length] = '\0';
}

static char *backslashes_remove(char *text)
{
    char *to = text;

    for (const char *from = text; *from; *to++ = *from++)
        from += *from == '\\';
    *to = '\0';
    return text;
}

/* A field becomes the names that it matches, or else stays as it is. */
static void field_end(void)
{
    int flags = GLOB_NOCHECK | (words.gl_pathc ? GLOB_APPEND : 0);

    if (field.length || present) {
        text_add(&field, '\0');
        if (glob(field.bytes, flags, NULL, &words) != 0)
            errx(2, "no memory");
        if (strcmp(words.gl_pathv[words.gl_pathc - 1], field.bytes) == 0)
            backslashes_remove(words.gl_pathv[words.gl_pathc - 1]);
    }
    field.length = 0;
    present = false;
}

/* A backslash keeps a byte from acting in the pattern. */
static void byte_add(char byte, bool quoted)
{
    if (splits && !quoted && isspace((unsigned char)byte)) {
        field_end();
        return;
    }
    if (byte == '\\' || (quoted && strchr("*?[]", byte)))
        text_add(&field, '\\');
    text_add(&field, byte);
}

static void value_add(const char *value, bool quoted)
{
    while (value && *value)
        byte_add(*value++, quoted);
}

/* "$@" keeps the arguments apart. */
static void arguments_add(bool quoted)
{
    for (int i = 1; i <= shell.count; i++) {
        if (i > 1)
            byte_add(' ', !splits);
        value_add(shell.arguments[i], quoted);
        present = present || quoted;
    }
}

static void parameter_add(const char *name, bool quoted)
{
    char number[12];

    snprintf(number, sizeof number, "%d",
             *name == '?'   ? shell.status
             : *name == '$' ? shell.pid
             : *name == '!' ? shell.background
                            : shell.count);
    if (*name == '@' || *name == '*')
        arguments_add(quoted);
    else if (strchr("?$!#", *name))
        value_add(*name ? number : "$", quoted);
    else if (!isdigit((unsigned char)*name))
        value_add(getenv(name), quoted);
    else if (atoi(name) <= shell.count)
        value_add(shell.arguments[atoi(name)], quoted);
}

/* What a command prints, without the newlines at its end. */
static void output_add(const char *command, bool quoted)
{
    struct node node = {.run = substitution_run, .words = command};
    size_t before = field.length;
    int ends[2];
    char byte;
    pid_t pid;

    if (pipe(ends) < 0)
        err(2, "pipe");
    pid = process_start(&node, ends[1], 1, ends[0]);
    close(ends[1]);
    while (read(ends[0], &byte, 1) == 1)
        byte_add(byte, quoted);
    while (field.length > before && field.bytes[field.length - 1] == '\n')
        field.length--;
    close(ends[0]);
    shell.substituted = process_wait(pid);
}

/* Expands a piece that begins with $, and returns what is behind it. */
static const char *dollar_expand(const char *piece, bool quoted)
{
    const char *end = piece_end(piece, '\0');
    int braces = piece[1] == '{';
    char *name = strndup(piece + 1 + braces, end - piece - 1 - 2 * braces);

    if (!name)
        err(2, "memory");
    if (*name == '(')
        output_add(piece + 2, quoted);
    else
        parameter_add(name, quoted);
    free(name);
    return end;
}

static void word_read(const char *at)
{
    const char *end = token_end(at);
    bool quoted = false;

    field.length = 0;
    present = false;
    while (at < end)
        if (*at == '$') {
            at = dollar_expand(at, quoted);
        } else if (*at == '\'' && !quoted) {
            present = true;
            while (*++at != '\'')
                byte_add(*at, true);
            at++;
        } else if (*at == '"') {
            present = present || strncmp(at, "\"$@\"", 4) != 0;
            quoted = !quoted;
            at++;
        } else if (*at == '\\' && (!quoted || strchr("$`\"\\\n", at[1]))) {
            if (at[1] != '\n')
                byte_add(at[1], true);
            at += 2;
        } else {
            byte_add(*at++, quoted);
        }
}

/* All words of a command, without its redirections. */
glob_t words_expand(const char *word)
{
    words = (glob_t){.gl_pathc = 0};
    splits = true;
    for (; is_word(word) || is_redirection(word); word = token_after(word))
        if (is_word(word)) {
            word_read(word);
            field_end();
        }
    return words;
}

/* One word as one string, which lasts until the next expansion. */
char *word_expand(const char *word)
{
    splits = false;
    word_read(word);
    text_add(&field, '\0');
    field.length = 0;
    present = false;
    return backslashes_remove(field.bytes);
}
