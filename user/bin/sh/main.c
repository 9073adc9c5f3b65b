/*
 * sh [-c TEXT | FILE] [ARGUMENT...]: runs a text, a script, or what comes from
 * standard input, with a prompt if that is a terminal. There, Ctrl-C ends the
 * program in the foreground and the line being typed, never the shell. Here are
 * also the commands that must run in the shell itself, since they change it,
 * and `kill`, which has to work when there is no process left to run it in.
 */
#include "sh.h"

struct shell shell;

/* ---- commands that are built in ------------------------------------------ */

/* `:`, which does nothing, break and continue */
static int leave_builtin(char **arguments)
{
    shell.leaving = **arguments == ':' ? '\0' : **arguments;
    return 0;
}

static int cd_builtin(char **arguments)
{
    const char *path = arguments[1] ? arguments[1] : getenv("HOME");

    if (path && chdir(path) == 0)
        return 0;
    warn("cd: %s", path ? path : "HOME");
    return 2;
}

static int exit_builtin(char **arguments)
{
    if (arguments[1] && arguments[1][strspn(arguments[1], "0123456789")])
        errx(2, "exit: not a number: %s", arguments[1]);
    exit(arguments[1] ? atoi(arguments[1]) : shell.status);
}

static int exec_builtin(char **arguments)
{
    return arguments[1] ? program_exec(arguments + 1) : 0;
}

void variable_set(char *assignment)
{
    char *value = strchr(assignment, '=');

    *value++ = '\0';
    if (setenv(assignment, value, true) < 0)
        warn("%s", assignment);
}

static int export_builtin(char **arguments)
{
    while (*++arguments)
        if (strchr(*arguments, '='))
            variable_set(*arguments);
    return 0;
}

/* Ctrl-C breaks it off. */
static int wait_builtin(char **arguments)
{
    int status = 0;

    while (!arguments[1] && !shell.interrupted && wait(NULL) > 0)
        continue;
    while (*++arguments && !shell.interrupted)
        status = process_wait(atoi(*arguments), true);
    return status;
}

static int kill_builtin(char **arguments)
{
    int number = SIGTERM, status = 0;

    if (arguments[1] && *arguments[1] == '-')
        number = atoi(*++arguments + 1);
    while (*++arguments)
        if (atoi(*arguments) == 0 || kill(atoi(*arguments), number) < 0) {
            warnx("kill: %s: %s", *arguments,
                  atoi(*arguments) ? strerror(errno) : "not a process");
            status = 1;
        }
    return status;
}

/* The program called kill knows the signals' names: `kill -TERM` is its. */
builtin *builtin_find(char **words)
{
    static const struct {
        const char *name;
        builtin *run;
    } builtins[] = {{":", leave_builtin},        {"break", leave_builtin},
                    {"continue", leave_builtin}, {"cd", cd_builtin},
                    {"exec", exec_builtin},      {"exit", exit_builtin},
                    {"export", export_builtin},  {"kill", kill_builtin},
                    {"wait", wait_builtin},      {NULL, program_exec}};
    int i = 0;

    while (builtins[i].name && strcmp(builtins[i].name, *words) != 0)
        i++;
    if (builtins[i].run == kill_builtin && words[1] && *words[1] == '-' &&
        !isdigit((unsigned char)words[1][1]))
        return program_exec;
    return builtins[i].run;
}

/* ---- where commands come from -------------------------------------------- */

/*
 * Ctrl-C right before read() or waitpid() would not end that. So SIGALRM says
 * it again every 10 ms, until the prompt has heard.
 */
static void interrupt(int number)
{
    shell.interrupted = true;
    if (number != SIGALRM)
        ualarm(10000, 10000);
}

/* A Ctrl-C that comes after the look at it here is for the next line. */
static void prompt_write(const char *prompt)
{
    if (shell.interrupted) {
        ualarm(0, 0);
        shell.interrupted = false;
        shell.status = 128 + SIGINT;
        dprintf(2, "\n");
    }
    dprintf(2, "%s", prompt);
    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
}

/*
 * Reads byte by byte, so that commands find the rest. Whatever is not a whole
 * command yet waits for the next line.
 */
static void file_run(int fd)
{
    static char text[LONGEST];
    size_t length = 0;
    char byte = '\n';

    while (byte == '\n' || shell.interrupted) {
        if (shell.interactive)
            prompt_write(length > 0 ? "> " : "$ ");
        byte = '\0';
        while (byte != '\n' && !shell.interrupted && read(fd, &byte, 1) == 1)
            if (length < sizeof text - 1)
                text[length++] = byte;
            else
                errx(2, "a command is too long");
        text[length] = '\0';
        if (shell.interrupted || text_run(text, byte == '\n'))
            length = 0;
    }
}

int main(int count, char **arguments)
{
    struct sigaction on_interrupt = {.sa_handler = interrupt};
    bool is_text = count > 2 && strcmp(arguments[1], "-c") == 0;
    int first = is_text ? 3 : count > 1, fd = 0;

    shell.pid = getpid();
    shell.arguments = arguments + (first < count ? first : 0);
    shell.count = count > first ? count - first - 1 : 0;
    if (is_text) {
        shell.end = arguments[2] + strlen(arguments[2]);
        text_run(arguments[2], false);
        return shell.status;
    }
    if (count > 1)
        fd = open(arguments[1], O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        err(127, "%s", arguments[1]);
    shell.interactive = count == 1 && isatty(0);
    if (shell.interactive) {
        sigaction(SIGINT, &on_interrupt, NULL);
        sigaction(SIGQUIT, &on_interrupt, NULL);
        sigaction(SIGALRM, &on_interrupt, NULL);
    }
    file_run(fd);
    return shell.status;
}
