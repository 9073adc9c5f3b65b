/*
 * Walks the tree. Each function runs a kind of node, and returns what $? then
 * is. Programs, the sides of a pipe and ( ) run in processes of their own; what
 * is built in, and other compounds, in this one, so that they can change it.
 */
#include "sh.h"

static glob_t arguments; /* of the simple command that runs */

/* Gives a descriptor another number. Where there is none, that is closed. */
static void descriptor_move(int from, int to)
{
    if (from == to)
        return;
    if (from < 0)
        close(to);
    else
        dup2(from, to);
    close(from);
}

/*
 * Runs a node in a process of its own, in which `end` of a pipe becomes `fd`,
 * and which Ctrl-C ends. One that the shell took while there was only one of
 * us was meant for both.
 */
pid_t process_start(struct node *node, int end, int fd, int other_end)
{
    pid_t pid = fork();

    if (pid < 0)
        warn("fork");
    if (pid != 0)
        return pid;
    if (shell.interactive) {
        signal(SIGINT, SIG_DFL);
        signal(SIGQUIT, SIG_DFL);
    }
    if (shell.interrupted)
        raise(SIGINT);
    shell.interactive = false;
    shell.replaceable = node->run == simple_run;
    descriptor_move(end, fd);
    close(other_end);
    exit(node_run(node));
}

/* 0 to 255, or 128 + N for a process that signal N ended. */
int process_wait(pid_t pid)
{
    int status = 126 << 8;

    while (pid > 0 && waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 127;
    if (!WIFSIGNALED(status))
        return WEXITSTATUS(status);
    if (WTERMSIG(status) == SIGINT && shell.interactive)
        shell.interrupted = true;
    return 128 + WTERMSIG(status);
}

void program_exec(char **words)
{
    execvp(*words, words);
    if (errno == ENOENT)
        errx(127, "%s: not found", *words);
    err(126, "%s", *words);
}

void variable_set(char *assignment)
{
    char *value = strchr(assignment, '=');

    *value++ = '\0';
    if (setenv(assignment, value, true) < 0)
        warn("%s", assignment);
}

static void assignments_do(const char *word)
{
    for (; is_assignment(word); word = token_after(word))
        variable_set(word_expand(word));
}

static int program_run(struct node *node)
{
    assignments_do(node->words);
    program_exec(arguments.gl_pathv);
}

/* A program gets a process of its own, unless this one is there for it. */
int simple_run(struct node *node)
{
    struct node program = {.run = program_run, .words = node->words};
    int (*builtin)(char **words) = NULL;
    const char *words = node->words;
    int status = 0;

    while (is_assignment(words))
        words = token_after(words);
    shell.substituted = 0;
    arguments = words_expand(words);
    if (arguments.gl_pathc > 0)
        builtin = builtin_find(*arguments.gl_pathv);
    if (arguments.gl_pathc > 0 && !builtin && shell.replaceable)
        program_run(node);
    if (arguments.gl_pathc > 0 && !builtin) {
        status = process_wait(process_start(&program, -1, -1, -1));
    } else {
        assignments_do(node->words);
        status = builtin ? builtin(arguments.gl_pathv) : shell.substituted;
    }
    globfree(&arguments);
    return status;
}

static int redirection_open(const char *sign, const char *name)
{
    int how = sign[1] == '>' ? O_APPEND : O_TRUNC;

    if (sign[1] == '&')
        return dup(isdigit((unsigned char)*name) ? atoi(name) : -1);
    if (*sign == '<')
        return open(name, O_RDONLY);
    return open(name, O_WRONLY | O_CREAT | how, 0666);
}

/*
 * Runs a node with its redirections from `next` on, where words may stand
 * between. Each is undone as soon as what it is for has run.
 */
static int redirected_run(struct node *node, const char *next)
{
    int fd, saved, opened, status = 2;
    char *sign, *name;

    while (next && is_word(next))
        next = token_after(next);
    if (!next || !is_redirection(next))
        return node->run(node);
    fd = strtol(next, &sign, 10);
    if (sign == next)
        fd = *sign == '>';
    name = word_expand(redirection_word(next));
    saved = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    opened = redirection_open(sign, name);
    if (opened < 0) {
        warn("%s", name);
    } else {
        descriptor_move(opened, fd);
        status = redirected_run(node, token_after(next));
    }
    if (shell.keeps)
        close(saved);
    else
        descriptor_move(saved, fd);
    return status;
}

/* Nothing runs while `break` or Ctrl-C is on its way. */
int node_run(struct node *node)
{
    if (!shell.leaving && !shell.interrupted)
        shell.status = redirected_run(node, node->redirections);
    shell.keeps = false;
    return shell.status;
}

int pipe_run(struct node *node)
{
    pid_t left, right;
    int ends[2];

    if (pipe(ends) < 0) {
        warn("pipe");
        return 2;
    }
    left = process_start(node->left, ends[1], 1, ends[0]);
    right = process_start(node->right, ends[0], 0, ends[1]);
    close(ends[0]);
    close(ends[1]);
    process_wait(left);
    return process_wait(right);
}

static int detached_run(struct node *node)
{
    signal(SIGINT, SIG_IGN);
    descriptor_move(open("/dev/null", O_RDONLY), 0);
    shell.replaceable = node->left->run == simple_run;
    return node_run(node->left);
}

/* Ctrl-C and the keyboard are not for what runs in the background. */
int background_run(struct node *node)
{
    struct node detached = {.run = detached_run, .left = node->left};
    pid_t pid = process_start(&detached, -1, -1, -1);

    if (pid > 0)
        shell.background = pid;
    return pid < 0;
}

int subshell_run(struct node *node)
{
    return process_wait(process_start(node->left, -1, -1, -1));
}

int not_run(struct node *node)
{
    return !node_run(node->left);
}

/* `a && b` has no other, `a || b` only that; in `a; b` both are b. */
int choice_run(struct node *node)
{
    struct node *next = node_run(node->left) == 0 ? node->right : node->other;

    return next ? node_run(next) : shell.status;
}

int if_run(struct node *node)
{
    if (node_run(node->left) == 0)
        return node_run(node->right);
    return node->other ? node_run(node->other) : 0;
}

/* A round of a loop. False if it was the last. */
static bool round_run(struct node *body, int *status)
{
    bool left;

    *status = node_run(body);
    left = shell.interrupted || shell.leaving == 'b';
    shell.leaving = '\0';
    return !left;
}

int while_run(struct node *node)
{
    int status = 0;

    while (node_run(node->left) == 0 && round_run(node->right, &status))
        continue;
    return status;
}

/* `name in words`, or only `name` for the arguments of the shell */
int for_run(struct node *node)
{
    const char *in = token_after(node->words);
    glob_t values = words_expand(is_word(in) ? token_after(in) : "\"$@\"");
    int status = 0;

    for (size_t i = 0; i < values.gl_pathc; i++) {
        setenv(word_expand(node->words), values.gl_pathv[i], true);
        if (!round_run(node->right, &status))
            break;
    }
    globfree(&values);
    return status;
}
