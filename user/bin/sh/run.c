/*
 * Step three: walks the tree. Each function runs a node and returns the status
 * that `$?` then shows: 0 to 255, 128 + N for a program that signal N ended.
 *
 * Programs and ( ) run in processes of their own. What is built in, and other
 * compounds, run in this one, so there redirections are undone afterwards.
 */
#include "sh.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void descriptor_move(int from, int to)
{
    if (from == to)
        return;
    dup2(from, to);
    close(from);
}

/*
 * Runs a node in a new process with these streams; `unused` is the end of a
 * pipe that it must not hold. Waits a while for a process to become free.
 */
pid_t process_start(struct node *node, int input, int output, int unused)
{
    const struct timespec moment = {0, 10000000};
    pid_t pid = fork();

    for (int patience = 100; pid < 0 && patience > 0; patience--) {
        nanosleep(&moment, NULL);
        pid = fork();
    }
    if (pid < 0)
        complain(0, "fork", strerror(errno));
    if (pid != 0)
        return pid;
    if (shell.interactive)
        signal(SIGINT, SIG_DFL);
    shell.interactive = false;
    descriptor_move(input, 0);
    descriptor_move(output, 1);
    close(unused);
    shell.replaceable = node && node->kind == NODE_SIMPLE;
    exit(node_run(node));
}

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

void program_exec(char **arguments)
{
    execvp(*arguments, arguments);
    if (errno == ENOENT)
        exit(complain(127, *arguments, "not found"));
    exit(complain(126, *arguments, strerror(errno)));
}

/* Opens what a redirection names: -1 with errno if that is not possible. */
static int redirection_open(const char *sign, const char *word)
{
    if (sign[1] == '&')
        return dup(isdigit((unsigned char)*word) ? atoi(word) : -1);
    if (*sign == '<')
        return open(word, O_RDONLY);
    return open(word, O_WRONLY | O_CREAT | (sign[1] ? O_APPEND : O_TRUNC),
                0666);
}

/*
 * From left to right, so that `>file 2>&1` means what it says. All is saved
 * before anything is covered, so that the undoing needs no order.
 */
static bool redirections_do(struct redirection *list)
{
    struct redirection *one;

    for (one = list; one; one = one->next)
        one->saved = fcntl(one->fd, F_DUPFD_CLOEXEC, 10);
    for (one = list; one; one = one->next) {
        char *word = word_expand(one->word);
        int fd = redirection_open(one->sign, word);

        if (fd < 0)
            return !complain(1, word, strerror(errno));
        descriptor_move(fd, one->fd);
    }
    return true;
}

static void redirections_undo(const struct redirection *list)
{
    for (; list; list = list->next) {
        if (list->saved < 0)
            close(list->fd);
        else
            dup2(list->saved, list->fd);
        close(list->saved);
    }
}

/* Does or skips the assignments before a command; returns what follows. */
static char **assignments_do(char **words, bool really)
{
    for (; words && *words; words++) {
        size_t length = name_length(*words);

        if (!length || (*words)[length] != '=')
            break;
        if (really)
            setenv(memory_string(*words, length),
                   word_expand(*words + length + 1), true);
    }
    return words;
}

/*
 * What is built in, or only assigns, runs here. Anything else comes here a
 * second time, in a process of its own, and there becomes the program.
 */
static int simple_run(struct node *node)
{
    char **words = assignments_do(node->words.at, false);
    bool program = words && *words && !builtin_find(*words), done;
    int status;

    if (program && !shell.replaceable)
        return process_wait(process_start(node, 0, 1, -1));
    shell.substituted = 0;
    done = redirections_do(node->redirections);
    assignments_do(node->words.at, done);
    words = words_expand(words);
    status = done ? shell.substituted : 1;
    if (done && words && builtin_find(*words))
        status = builtin_find(*words)(words);
    else if (done && words)
        program_exec(words);
    if (!words || strcmp(*words, "exec") != 0)
        redirections_undo(node->redirections);
    return status;
}

/* Starts the stages from left to right; the last one's status counts. */
static int pipe_run(struct node *node, int input)
{
    bool more = node->kind == NODE_PIPE;
    int ends[2] = {-1, 1}, status;
    pid_t pid;

    if (more && pipe(ends) < 0)
        return complain(1, "pipe", strerror(errno));
    pid = process_start(more ? node->left : node, input, ends[1], ends[0]);
    if (input > 0)
        close(input);
    if (!more)
        return process_wait(pid);
    close(ends[1]);
    status = pipe_run(node->right, ends[0]);
    process_wait(pid);
    return status;
}

/* Ctrl-C is not meant for what runs in the background. */
static int background_run(struct node *node)
{
    const struct sigaction ignored = {.sa_handler = SIG_IGN};
    struct sigaction before;
    bool interactive = shell.interactive;

    shell.interactive = false;
    sigaction(SIGINT, &ignored, &before);
    shell.background = process_start(node, 0, 1, -1);
    sigaction(SIGINT, &before, NULL);
    shell.interactive = interactive;
    return shell.background < 0;
}

/* After each round of a loop: whether it was the last. */
static bool loop_left(void)
{
    bool left = (shell.leaving && !shell.continuing) || shell.interrupted;

    shell.leaving = shell.continuing = false;
    return left;
}

static int while_run(struct node *node)
{
    int status = 0;

    while ((node_run(node->left) == 0) == (node->kind == NODE_WHILE)) {
        status = node_run(node->right);
        if (loop_left())
            break;
    }
    return status;
}

static int for_run(struct node *node)
{
    char **value = words_expand(node->words.at + 1);
    int status = 0;

    for (; value && *value; value++) {
        setenv(node->words.at[0], *value, true);
        status = node_run(node->right);
        if (loop_left())
            break;
    }
    return status;
}

static int kind_run(struct node *node)
{
    switch (node->kind) {
    case NODE_SIMPLE:
        return simple_run(node);
    case NODE_PIPE:
        return pipe_run(node, 0);
    case NODE_SEQUENCE:
        node_run(node->left);
        return node_run(node->right);
    case NODE_AND:
        return node_run(node->left) ? shell.status : node_run(node->right);
    case NODE_OR:
        return node_run(node->left) ? node_run(node->right) : 0;
    case NODE_NOT:
        return !node_run(node->left);
    case NODE_BACKGROUND:
        return background_run(node->left);
    case NODE_SUBSHELL:
        return process_wait(process_start(node->left, 0, 1, -1));
    case NODE_GROUP:
        return node_run(node->left);
    case NODE_IF:
        return node_run(node_run(node->left) ? node->other : node->right);
    case NODE_WHILE:
    case NODE_UNTIL:
        return while_run(node);
    case NODE_FOR:
        return for_run(node);
    }
    return 2;
}

/* Nothing to run is a success. `break` and Ctrl-C skip what is left. */
int node_run(struct node *node)
{
    void *memory = memory_take(0);
    bool compound = node && node->kind != NODE_SIMPLE;

    if (shell.leaving || shell.interrupted)
        return shell.status;
    if (compound && !redirections_do(node->redirections))
        shell.status = 1;
    else
        shell.status = node ? kind_run(node) : 0;
    if (compound)
        redirections_undo(node->redirections);
    memory_return(memory);
    return shell.status;
}

int text_run(const char *text)
{
    struct node *tree;
    enum parse_result result = parse(text, &tree);

    if (result != PARSED)
        return shell.status = complain(2, "syntax error at",
                                       result == WRONG ? token_peek() : "end");
    return tree ? node_run(tree) : shell.status;
}
