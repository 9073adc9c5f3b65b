/*
 * Makes a tree of a text, by recursive descent, one function a rule:
 *
 *   list      chains, each ended by ; or & or a new line
 *   chain     pipelines joined by && and ||
 *   pipeline  [!] commands joined by |
 *   command   a compound, or words; among and behind them redirections
 *
 * A token is an operator, a word, or a redirection with its word.
 */
#include "sh.h"

static const struct compound {
    const char *opening, *middle, *closing;
    int (*run)(struct node *node);
} compounds[] = {
    {"(", "", ")", subshell_run},   {"{", "", "}", choice_run},
    {"if", "then", "fi", if_run},   {"while", "do", "done", while_run},
    {"for", "do", "done", for_run}, {NULL, "elif", "else", NULL}};

static const char delimiters[] = " \t\n;&|()<>";

static const char *token;    /* the next one */
static struct node *unused;  /* nodes, enough for the text */
static jmp_buf syntax_error; /* back in text_run */

static void syntax_stop(const char *where)
{
    token = where;
    longjmp(syntax_error, true);
}

static void require(bool right)
{
    if (!right)
        syntax_stop(token);
}

/* ---- tokens -------------------------------------------------------------- */

/* The length of the parameter's name that a text begins with, or 0. */
size_t name_length(const char *text)
{
    size_t length = 0;

    while (isalnum((unsigned char)text[length]) || text[length] == '_')
        length++;
    return *text && strchr("0123456789?$!#@*", *text) ? 1 : length;
}

/*
 * Behind a piece of a word: a character, a parameter, or all that a quote, $(
 * or ${ encloses. Within `"` a single quote is a character.
 */
const char *piece_end(const char *piece, char within)
{
    const char *inside = piece + 1 + (*piece == '$');
    char closing = *piece;

    if (strncmp(piece, "$(", 2) == 0 || (*piece == '(' && within == ')'))
        closing = ')';
    else if (strncmp(piece, "${", 2) == 0)
        closing = '}';
    else if (*piece == '$')
        return piece + 1 + name_length(piece + 1);
    else if (*piece != '"' && (*piece != '\'' || within == '"'))
        return piece + 1 + (*piece == '\\' && piece[1]);
    while (*inside && *inside != closing)
        inside = closing == '\'' ? inside + 1 : piece_end(inside, closing);
    if (!*inside)
        syntax_stop(inside);
    return inside + 1;
}

bool is_assignment(const char *text)
{
    return (isalpha((unsigned char)*text) || *text == '_') &&
           text[name_length(text)] == '=';
}

bool is_redirection(const char *text)
{
    text += strspn(text, "0123456789");
    return *text == '<' || *text == '>';
}

bool is_word(const char *text)
{
    return !strchr(delimiters, *text) && !is_redirection(text);
}

/* Over blanks, lines that go on, and a comment. */
static const char *blanks_skip(const char *text)
{
    while (*text == ' ' || *text == '\t' || strncmp(text, "\\\n", 2) == 0)
        text += *text == '\\' ? 2 : 1;
    return *text == '#' ? text + strcspn(text, "\n") : text;
}

/* What is behind the sign: one character, or >> >& <& */
const char *redirection_word(const char *redirection)
{
    const char *sign = strpbrk(redirection, "<>");
    bool two = sign[1] == '&' || strncmp(sign, ">>", 2) == 0;

    return blanks_skip(sign + 1 + two);
}

const char *token_end(const char *text)
{
    if (is_redirection(text)) {
        text = redirection_word(text);
        if (!is_word(text))
            syntax_stop(text);
    }
    if (*text && !is_word(text))
        return text + 1 + (text[1] == *text && strchr("&|", *text));
    while (!strchr(delimiters, *text))
        text = piece_end(text, '\0');
    return text;
}

const char *token_after(const char *text)
{
    return blanks_skip(token_end(text));
}

static bool token_is(const char *wanted)
{
    size_t length = strlen(wanted);

    return strncmp(token, wanted, length) == 0 &&
           token_end(token) == token + length;
}

static bool accept(const char *wanted)
{
    bool accepted = token_is(wanted);

    if (accepted)
        token = token_after(token);
    return accepted;
}

/* ---- the grammar --------------------------------------------------------- */

static struct node *list_parse(void);

/* Whether, behind new lines, no command can come. */
static bool list_ends(void)
{
    const struct compound *compound = compounds;

    while (accept("\n"))
        continue;
    while (!token_is(compound->middle) && !token_is(compound->closing))
        if (!compound++->opening)
            return !*token;
    return true;
}

static struct node *node_new(int (*run)(struct node *), struct node *left)
{
    unused->run = run;
    unused->left = left;
    unused->words = token;
    return unused++;
}

/* `name in words` or only `name`, and what separates that from `do`. */
static void for_parse(void)
{
    require(is_word(token));
    while (is_word(token))
        token = token_after(token);
    accept(";");
    list_ends();
}

static struct node *compound_parse(const struct compound *compound)
{
    struct node *node = node_new(compound->run, NULL);

    if (compound->run == for_run)
        for_parse();
    else
        node->left = list_parse();
    if (*compound->middle) {
        require(accept(compound->middle));
        node->right = list_parse();
    }
    if (compound->run == if_run && accept("elif")) {
        node->other = compound_parse(compound);
        return node;
    }
    if (compound->run == if_run && accept("else"))
        node->other = list_parse();
    require(accept(compound->closing));
    return node;
}

static struct node *command_parse(void)
{
    const struct compound *compound = compounds;
    const char *start = token;
    struct node *node;

    while (compound->opening && !accept(compound->opening))
        compound++;
    node = compound->opening ? compound_parse(compound)
                             : node_new(simple_run, NULL);
    node->redirections = token;
    while (is_redirection(token) || (!compound->opening && is_word(token)))
        token = token_after(token);
    require(token > start);
    return node;
}

static struct node *pipeline_parse(void)
{
    struct node *node;

    require(!list_ends());
    if (accept("!"))
        return node_new(not_run, pipeline_parse());
    node = command_parse();
    if (accept("|")) {
        node = node_new(pipe_run, node);
        node->right = pipeline_parse();
    }
    return node;
}

static struct node *chain_parse(void)
{
    struct node *chain = pipeline_parse();

    for (;;)
        if (accept("&&")) {
            chain = node_new(choice_run, chain);
            chain->right = pipeline_parse();
        } else if (accept("||")) {
            chain = node_new(choice_run, chain);
            chain->other = pipeline_parse();
        } else {
            return chain;
        }
}

static struct node *list_parse(void)
{
    struct node *list = chain_parse();

    if (accept("&"))
        list = node_new(background_run, list);
    else if (!accept(";") && !accept("\n"))
        return list;
    if (!list_ends()) {
        list = node_new(choice_run, list);
        list->right = list->other = list_parse();
    }
    return list;
}

/* $(command) is a list, which the parenthesis ends. */
int substitution_run(struct node *node)
{
    token = blanks_skip(node->words);
    return list_ends() ? 0 : node_run(list_parse());
}

/*
 * Runs a text. If it is not whole and more of it may come, nothing is done and
 * the answer is false. A character makes no more than two nodes.
 */
bool text_run(const char *text, bool more)
{
    size_t length = strlen(text);
    bool whole = !more || length < 2 || strcmp(text + length - 2, "\\\n") != 0;
    struct node *nodes = calloc(2 * length + 1, sizeof *nodes);

    if (!nodes)
        err(2, "memory");
    unused = nodes;
    token = blanks_skip(text);
    if (setjmp(syntax_error) == 0) {
        struct node *tree = list_ends() ? NULL : list_parse();

        require(!*token);
        if (tree && whole)
            node_run(tree);
    } else if (*token || !more) {
        shell.status = 2;
        warnx("syntax error: %s", *token ? token : "the end comes too early");
        if (!shell.interactive)
            exit(2);
    } else {
        whole = false;
    }
    shell.leaving = '\0';
    free(nodes);
    return whole;
}
