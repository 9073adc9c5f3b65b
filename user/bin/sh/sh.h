/*
 * sh: a shell in three steps, one file each: tokens.c cuts text into tokens,
 * parse.c makes a tree of them, run.c walks the tree; expand.c turns the words
 * of the tree into arguments at the last moment. Left out, to stay readable:
 * functions, here-documents, case, arithmetic and job control (ash has them).
 * Variables live in the environment, so each of them is exported.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* A string under construction, and a list of strings that ends with NULL. */
struct text {
    char *bytes;
    size_t length;
};
struct words {
    char **at;
    size_t count;
};

/* `>`, `2>>`, `<&` ... as written: descriptor, operator, raw word. */
struct redirection {
    int fd;
    char *sign, *word;
    int saved; /* where the covered descriptor waits, -1 if it was closed */
    struct redirection *next;
};

enum node_kind {
    NODE_SIMPLE,     /* words and redirections */
    NODE_PIPE,       /* left | right, where right may be another NODE_PIPE */
    NODE_SEQUENCE,   /* left ; right */
    NODE_AND,        /* left && right */
    NODE_OR,         /* left || right */
    NODE_NOT,        /* ! left */
    NODE_BACKGROUND, /* left & */
    NODE_SUBSHELL,   /* ( left ) */
    NODE_GROUP,      /* { left } */
    NODE_IF,         /* if left; then right; else other; fi */
    NODE_WHILE,      /* while left; do right; done */
    NODE_UNTIL,      /* until left; do right; done */
    NODE_FOR,        /* for words[0] in words[1..]; do right; done */
};

struct node {
    enum node_kind kind;
    struct node *left, *right, *other;
    struct words words;
    struct redirection *redirections;
};

extern struct shell {
    char **arguments;      /* $0, $1, ... and a null pointer */
    int status;            /* $? */
    int substituted;       /* the status of the last $(command) */
    pid_t pid, background; /* $$ and $! */
    bool interactive;
    bool replaceable; /* a program may take the place of this process */
    bool leaving;     /* `break` is on its way to its loop, */
    bool continuing;  /* or rather `continue` */
    volatile sig_atomic_t interrupted; /* Ctrl-C: back to the prompt */
} shell;

/* memory.c */
void *memory_take(size_t size);
void memory_return(void *first);
char *memory_string(const char *from, size_t length);
void words_add(struct words *words, char *word);
void text_add(struct text *text, char byte);

/* tokens.c: the next token is "" at the end of the text. */
void tokens_start(const char *text);
const char *piece_end(const char *at);
char *token_peek(void);
char *token_take(void);
bool token_accept(const char *wanted);
bool token_is_word(const char *token);

/* parse.c */
enum parse_result { PARSED, INCOMPLETE, WRONG };
enum parse_result parse(const char *text, struct node **tree);
void syntax_stop(enum parse_result why) __attribute__((noreturn));

/* expand.c: many fields from many words, or one string from one word. */
char **words_expand(char **words);
char *word_expand(const char *word);
size_t name_length(const char *text);

/* run.c */
int node_run(struct node *node);
int text_run(const char *text);
pid_t process_start(struct node *node, int input, int output, int unused);
int process_wait(pid_t pid);
void program_exec(char **arguments) __attribute__((noreturn));

/* builtins.c: null if there is none of that name. */
int (*builtin_find(const char *name))(char **arguments);

/* main.c: says `what: why` and returns the status. */
int complain(int status, const char *what, const char *why);
