/*
 * sh: a shell in three steps. parse.c makes a tree of a text, run.c walks the
 * tree, and at the last moment expand.c makes arguments of the words in it.
 *
 * Left out, to stay readable: functions, case, arithmetic, backquotes, here-
 * documents and job control (BusyBox's ash has them). Variables live in the
 * environment, so each of them is exported.
 */
#pragma once

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern struct shell {
    char **arguments;      /* $0, $1, ... */
    int count;             /* $# */
    int status;            /* $? */
    int substituted;       /* the status of the last $(command) */
    pid_t pid, background; /* $$ and $! */
    char leaving;          /* 'b'reak or 'c'ontinue is on its way to its loop */
    bool replaceable;      /* a program may take the place of this process */
    bool keeps;            /* redirections are not to be undone, by `exec` */
    bool interactive;
    volatile sig_atomic_t interrupted; /* Ctrl-C: back to the prompt, */
    volatile sig_atomic_t escapable;   /* by a jump */
    jmp_buf escape;                    /* to here */
} shell;

/* A string that grows: {NULL, 0} at first. */
struct text {
    char *bytes;
    size_t length;
};

/* A command. Words and redirections stay in the text, as they were written. */
struct node {
    int (*run)(struct node *node);
    struct node *left, *right, *other;
    const char *words, *redirections;
};

/* run.c: each of these runs a kind of node, and returns what $? then is. */
int simple_run(struct node *node);     /* words */
int pipe_run(struct node *node);       /* left | right */
int background_run(struct node *node); /* left & */
int subshell_run(struct node *node);   /* ( left ) */
int not_run(struct node *node);        /* ! left */
int choice_run(struct node *node);     /* left && right; left || other; ... */
int if_run(struct node *node);         /* if left; then right; else other; fi */
int while_run(struct node *node);      /* while left; do right; done */
int for_run(struct node *node);        /* for words; do right; done */
int node_run(struct node *node);
pid_t process_start(struct node *node, int end, int fd, int other_end);
int process_wait(pid_t pid);
void program_exec(char **arguments) __attribute__((noreturn));
void variable_set(char *assignment);

/* parse.c */
bool text_run(const char *text, bool more);
int substitution_run(struct node *node);
bool is_word(const char *token);
bool is_redirection(const char *token);
bool is_assignment(const char *token);
const char *redirection_word(const char *redirection);
const char *token_end(const char *token);
const char *token_after(const char *token);
const char *piece_end(const char *piece, char within);
size_t name_length(const char *text);

/* expand.c: all words of a command, or one as a string that does not last */
glob_t words_expand(const char *words);
char *word_expand(const char *word);
void text_add(struct text *text, char byte);

/* builtins.c: null if there is none of that name */
int (*builtin_find(const char *name))(char **arguments);
