/*
 * Step one: text to tokens.
 *
 * A token is a string: an operator such as "&&" or "\n", a redirection such as
 * "2>&", or a word just as it is written. Since a raw word keeps its quotes, it
 * can never look like an operator, and "then" in quotes never like a keyword.
 */
#include "sh.h"

#include <string.h>

static const char *position; /* behind the last token */
static char *current;        /* looked at, but not yet taken */

void tokens_start(const char *text)
{
    position = text;
    current = NULL;
}

/* Behind the next `end`. Within double quotes a single one is plain. */
static const char *enclosed_end(const char *at, char end)
{
    while (*at != end) {
        if (!*at)
            syntax_stop(INCOMPLETE);
        if (end == '\'' || (end == '"' && *at == '\''))
            at++;
        else if (end == ')' && *at == '(')
            at = enclosed_end(at + 1, ')');
        else
            at = piece_end(at);
    }
    return at + 1;
}

/*
 * Behind the piece of a word that begins at `at`: one character, or whatever
 * a quote, $( or ${ encloses.
 */
const char *piece_end(const char *at)
{
    if (*at == '\'' || *at == '"')
        return enclosed_end(at + 1, *at);
    if (*at == '$' && (at[1] == '(' || at[1] == '{'))
        return enclosed_end(at + 2, at[1] == '(' ? ')' : '}');
    if (*at == '\\' && !at[1])
        syntax_stop(INCOMPLETE);
    return at + (*at == '\\' ? 2 : 1);
}

/* The length of the operator at `at`, 0 if there is none. Longest first. */
static size_t operator_length(const char *at)
{
    static const char operators[][3] = {"&&", "||", ">>", ">&", "<&", ";", "&",
                                        "|",  "(",  ")",  "<",  ">",  "\n"};
    size_t digits = strspn(at, "0123456789");

    if (digits && (at[digits] == '<' || at[digits] == '>'))
        return digits + operator_length(at + digits);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (strncmp(at, operators[i], strlen(operators[i])) == 0)
            return strlen(operators[i]);
    return 0;
}

bool token_is_word(const char *token)
{
    return *token && operator_length(token) == 0;
}

char *token_peek(void)
{
    const char *start;

    if (current)
        return current;
    while (*position == ' ' || *position == '\t' ||
           strncmp(position, "\\\n", 2) == 0)
        position += *position == '\\' ? 2 : 1;
    if (*position == '#')
        position += strcspn(position, "\n");
    start = position;
    position += operator_length(start);
    if (position == start)
        while (*position && !strchr(" \t\n;&|()<>", *position))
            position = piece_end(position);
    return current = memory_string(start, position - start);
}

char *token_take(void)
{
    char *token = token_peek();

    current = NULL;
    return token;
}

bool token_accept(const char *wanted)
{
    return strcmp(token_peek(), wanted) == 0 && token_take();
}
