/*
 * Step two: tokens to a tree, by recursive descent, one function a rule:
 *
 *   list      chains, each ended by ; or & or a new line
 *   chain     pipelines joined by && and ||
 *   pipeline  [!] commands joined by |
 *   command   a compound, as the table of compounds says, or words and
 *             redirections in any order
 *
 * A text that ends too early is INCOMPLETE: add a line and start again.
 */
#include "sh.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

static const struct compound {
    const char *opening, *middle, *closing;
    enum node_kind kind;
} compounds[] = {
    {"(", "", ")", NODE_SUBSHELL},       {"{", "", "}", NODE_GROUP},
    {"if", "then", "fi", NODE_IF},       {"while", "do", "done", NODE_WHILE},
    {"until", "do", "done", NODE_UNTIL}, {"for", "do", "done", NODE_FOR},
    {NULL, "elif", "else", NODE_SIMPLE}};

static jmp_buf stop;
static struct node *list_parse(void);

void syntax_stop(enum parse_result why)
{
    longjmp(stop, why);
}

static void syntax_require(bool right)
{
    if (!right)
        syntax_stop(*token_peek() ? WRONG : INCOMPLETE);
}

static struct node *node_new(enum node_kind kind, struct node *left,
                             struct node *right)
{
    struct node *node = memory_take(sizeof *node);

    *node = (struct node){.kind = kind, .left = left, .right = right};
    return node;
}

static void newlines_skip(void)
{
    while (token_accept("\n"))
        continue;
}

/* Whether the next token ends a list: a middle, a closing, or no token. */
static bool list_ends(void)
{
    const struct compound *compound = compounds;
    const char *token = token_peek();

    while (strcmp(token, compound->middle) && strcmp(token, compound->closing))
        if (!compound++->opening)
            return false;
    return true;
}

static char *word_take(void)
{
    syntax_require(token_is_word(token_peek()));
    return token_take();
}

static bool redirection_parse(struct node *node)
{
    struct redirection **end = &node->redirections, *new;

    if (!strpbrk(token_peek(), "<>") || token_is_word(token_peek()))
        return false;
    while (*end)
        end = &(*end)->next;
    *end = new = memory_take(sizeof *new);
    new->fd = strtol(token_peek(), &new->sign, 10);
    if (new->sign == token_take())
        new->fd = *new->sign == '>';
    new->word = word_take();
    return true;
}

static void words_parse(struct node *node)
{
    while (token_is_word(token_peek()))
        words_add(&node->words, token_take());
}

/* `x in a b c`; without `in`, `for` walks the arguments. */
static void for_parse(struct node *node)
{
    words_add(&node->words, word_take());
    if (token_accept("in"))
        words_parse(node);
    else
        words_add(&node->words, "\"$@\"");
    token_accept(";");
    newlines_skip();
}

static struct node *compound_parse(const struct compound *compound)
{
    struct node *node = node_new(compound->kind, NULL, NULL);

    if (compound->kind == NODE_FOR)
        for_parse(node);
    else
        node->left = list_parse();
    if (*compound->middle) {
        syntax_require(token_accept(compound->middle));
        node->right = list_parse();
    }
    if (compound->kind == NODE_IF && token_accept("elif")) {
        node->other = compound_parse(compound);
        return node;
    }
    if (compound->kind == NODE_IF && token_accept("else"))
        node->other = list_parse();
    syntax_require(token_accept(compound->closing));
    return node;
}

static struct node *command_parse(void)
{
    const struct compound *compound = compounds;
    struct node *node;

    while (compound->opening && !token_accept(compound->opening))
        compound++;
    syntax_require(compound->opening || !list_ends());
    if (compound->opening)
        node = compound_parse(compound);
    else
        words_parse(node = node_new(NODE_SIMPLE, NULL, NULL));
    while (redirection_parse(node))
        if (!compound->opening)
            words_parse(node);
    syntax_require(compound->opening || node->words.at || node->redirections);
    return node;
}

static struct node *pipeline_parse(void)
{
    struct node *node;

    newlines_skip();
    if (token_accept("!"))
        return node_new(NODE_NOT, pipeline_parse(), NULL);
    node = command_parse();
    if (token_accept("|"))
        node = node_new(NODE_PIPE, node, pipeline_parse());
    return node;
}

static struct node *chain_parse(void)
{
    struct node *chain = pipeline_parse();

    for (;;)
        if (token_accept("&&"))
            chain = node_new(NODE_AND, chain, pipeline_parse());
        else if (token_accept("||"))
            chain = node_new(NODE_OR, chain, pipeline_parse());
        else
            return chain;
}

static struct node *list_parse(void)
{
    struct node *first = chain_parse();

    if (token_accept("&"))
        first = node_new(NODE_BACKGROUND, first, NULL);
    else if (!token_accept(";") && !token_accept("\n"))
        return first;
    newlines_skip();
    return list_ends() ? first : node_new(NODE_SEQUENCE, first, list_parse());
}

/* The tree of a text; null if there is nothing in it to do. */
enum parse_result parse(const char *text, struct node **tree)
{
    enum parse_result result = setjmp(stop);

    *tree = NULL;
    if (result != PARSED)
        return result;
    tokens_start(text);
    newlines_skip();
    if (*token_peek())
        *tree = list_parse();
    return *token_peek() ? WRONG : PARSED;
}
