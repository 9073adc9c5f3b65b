/*
 * sh: a shell without a tree. Each rule of the grammar is one function, which
 * reads its part of the text and, if that is `live`, does what is said there.
 * A branch not taken is only read; a loop goes back to where its text begins.
 * A text is first read once, to see that it is right and whole, and then live.
 *
 * Left out, to stay readable: functions, { groups }, case, until, `for` without
 * `in`, arithmetic, backquotes, here-documents, ${x:-y}, job control, `exec` to
 * redirect the shell itself, and the commands read, set, unset, shift, eval,
 * `.`, trap, umask and return (BusyBox's ash has them). Variables live in the
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

/* Bytes in a word, and in a command of a script */
#define LONGEST (128 << 10)

typedef void rule(bool live);
typedef int builtin(char **arguments);

extern struct shell {
    char **arguments;      /* $0, $1, ... */
    int count;             /* $# */
    int status;            /* $? */
    int substituted;       /* the status of the last $(command) */
    pid_t pid, background; /* $$ and $! */
    const char *end;       /* a program before it may replace this process */
    char leaving;          /* 'b'reak or 'c'ontinue is on its way to its loop */
    bool interactive;
    volatile sig_atomic_t interrupted; /* Ctrl-C: back to the prompt */
} shell;

/* word.c: what is read next, and what happens to the bytes of a word */
extern const char *token;
extern jmp_buf syntax_error;
enum how {
    SKIPPED, /* they are only read */
    JOINED,  /* they become one string, which lasts until the next word */
    SPLIT,   /* blanks end a field, and * ? [ make a pattern of it */
    QUOTED   /* they stay what they are, but "$@" is several fields */
};
void require(bool right);
void blanks_skip(void);
bool accept(const char *wanted);
bool is_word(void);
bool is_redirection(void);
char *word_read(enum how how);
glob_t words_read(bool live);
rule assignments_read;

/* run.c, and main.c, where what is not built in is a program */
rule list_run;
bool text_run(const char *text, bool more);
pid_t process_start(rule *run, const int *ends, int end);
int process_wait(pid_t pid, bool stops);
builtin program_exec __attribute__((noreturn));
builtin *builtin_find(char **words);
void variable_set(char *assignment);
