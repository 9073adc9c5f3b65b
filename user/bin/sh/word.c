/*
 * Words, from how they are written to arguments: $x and $(command) are
 * replaced, what comes out of them unquoted is split at blanks, patterns become
 * the names of the files that they match, quotes go. Only one word is expanded
 * at a time, since $(command) runs in another process.
 */
#include "sh.h"

static const char delimiters[] = " \t\n;&|()<>", digits[] = "0123456789",
                  letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                              "abcdefghijklmnopqrstuvwxyz0123456789";

const char *token;
jmp_buf syntax_error;
static glob_t words;        /* those that are done */
static char field[LONGEST]; /* the next one, as a pattern for glob() */
static size_t length;       /* of the field, */
static bool present;        /* which counts even if it is empty */

void require(bool right)
{
    if (!right)
        longjmp(syntax_error, true);
}

/* Also over lines that go on, and a comment */
void blanks_skip(void)
{
    while (*token == ' ' || *token == '\t' || strncmp(token, "\\\n", 2) == 0)
        token += *token == '\\' ? 2 : 1;
    if (*token == '#')
        token += strcspn(token, "\n");
}

/* A word ends at a delimiter; & and && or ; and ;; are different operators. */
bool accept(const char *wanted)
{
    size_t size = strlen(wanted);

    if (strncmp(token, wanted, size) != 0 ||
        (strchr("&|;", *wanted) && token[size] == *wanted) ||
        (!strchr(delimiters, *wanted) && !strchr(delimiters, token[size])))
        return false;
    token += size;
    blanks_skip();
    return true;
}

bool is_redirection(void)
{
    const char *sign = token + strspn(token, digits);

    return *sign == '<' || *sign == '>';
}

bool is_word(void)
{
    return !strchr(delimiters, *token) && !is_redirection();
}

/* A field becomes the names that it matches, or else stays what it is. */
static void field_end(void)
{
    int flags = GLOB_NOCHECK | (words.gl_pathc > 0 ? GLOB_APPEND : 0);
    char *from, *to;

    field[length] = '\0';
    if (length > 0 || present) {
        if (glob(field, flags, NULL, &words) != 0)
            errx(2, "no memory");
        from = to = words.gl_pathv[words.gl_pathc - 1];
        if (strcmp(from, field) == 0)
            while ((*to++ = *(from += *from == '\\')))
                from++;
    }
    length = present = 0;
}

/* A backslash keeps a byte from acting in the pattern. No string has a \0. */
static void byte_add(enum how how, char byte)
{
    if (length + 3 > sizeof field)
        errx(2, "a word is too long");
    if (how == SPLIT && isspace((unsigned char)byte)) {
        field_end();
    } else if (how != SKIPPED && byte) {
        if (how == QUOTED || (how == SPLIT && byte == '\\'))
            field[length++] = '\\';
        field[length++] = byte;
    }
}

static void value_add(enum how how, const char *value)
{
    while (value && *value)
        byte_add(how, *value++);
}

static void parameter_add(enum how how, const char *name)
{
    unsigned long index = strtoul(name, NULL, 10);
    char number[12];

    snprintf(number, sizeof number, "%d",
             *name == '?'   ? shell.status
             : *name == '$' ? shell.pid
             : *name == '!' ? shell.background
                            : shell.count);
    if (strchr("?$!#", *name))
        value_add(how, *name ? number : "$");
    else if (isdigit((unsigned char)*name))
        value_add(how, index <= (unsigned long)shell.count
                           ? shell.arguments[index]
                           : NULL);
    else if (*name != '@' && *name != '*')
        value_add(how, getenv(name));
    else
        for (int i = 1; i <= shell.count; i++) {
            byte_add(how == QUOTED ? SPLIT : how, i > 1 ? ' ' : '\0');
            value_add(how, shell.arguments[i]);
            present |= how == QUOTED;
        }
}

/* What the command at the token prints, without the newlines at its end */
static void output_add(enum how how)
{
    int ends[2] = {-1, -1}, newlines = 0;
    char byte;
    pid_t pid;

    if (pipe(ends) < 0)
        warn("pipe");
    pid = process_start(list_run, ends, 1);
    close(ends[1]);
    while (read(ends[0], &byte, 1) == 1) {
        for (; byte != '\n' && newlines > 0; newlines--)
            byte_add(how, '\n');
        if (byte == '\n')
            newlines++;
        else
            byte_add(how, byte);
    }
    close(ends[0]);
    shell.substituted = process_wait(pid, false);
}

/* $name, ${name}, $(command), or a $ that means itself */
static void dollar_read(enum how how)
{
    bool braces = *++token == '{';
    size_t size = strspn(token += braces, letters);
    char *name;

    require(braces || strncmp(token, "((", 2) != 0);
    if (!braces && accept("(")) {
        if (how != SKIPPED)
            output_add(how);
        list_run(false);
        require(*token++ == ')');
        return;
    }
    if (*token && strchr(braces ? "?$!#@*" : "?$!#@*0123456789", *token))
        size = 1;
    require(!braces || (size > 0 && token[size] == '}'));
    name = strndup(token, size);
    if (how != SKIPPED && name)
        parameter_add(how, name);
    free(name);
    token += size + braces;
}

/* Up to a delimiter outside of quotes; if a redirection, from its word on */
char *word_read(enum how plain)
{
    enum how inside = plain == SPLIT ? QUOTED : plain;
    char quote = '\0';

    if (plain != SKIPPED)
        length = present = 0;
    if (is_redirection()) {
        token = strpbrk(token, "<>") + 1;
        token += *token == '&' || strncmp(token - 1, ">>", 2) == 0;
        blanks_skip();
        require(is_word());
    }
    while (quote || !strchr(delimiters, *token)) {
        require(*token && (*token != '`' || quote == '\''));
        if (*token == '$' && quote != '\'') {
            dollar_read(quote ? inside : plain);
        } else if (*token == quote) {
            quote = '\0';
            token++;
        } else if (!quote && (*token == '"' || *token == '\'')) {
            present |= inside == QUOTED && strncmp(token, "\"$@\"", 4) != 0;
            quote = *token++;
        } else if (*token == '\\' && token[1] && quote != '\'' &&
                   (!quote || strchr("$`\"\\\n", token[1]))) {
            byte_add(inside, token[1] == '\n' ? '\0' : token[1]);
            token += 2;
        } else {
            byte_add(quote ? inside : plain, *token++);
        }
    }
    blanks_skip();
    if (plain == SPLIT)
        field_end();
    else if (plain == JOINED)
        field[length] = '\0';
    return field;
}

/* All words of a command, without its redirections; none if it is not live */
glob_t words_read(bool live)
{
    const glob_t none = {.gl_pathc = 0};

    words = live ? none : words;
    while (is_word() || is_redirection())
        word_read(live && is_word() ? SPLIT : SKIPPED);
    return live ? words : none;
}

/* name=value, as often as that comes */
void assignments_read(bool live)
{
    while (*token != '=' && !isdigit((unsigned char)*token) &&
           token[strspn(token, letters)] == '=')
        if (live)
            variable_set(word_read(JOINED));
        else
            word_read(SKIPPED);
}
