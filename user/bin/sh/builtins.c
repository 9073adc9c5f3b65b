/*
 * The commands that must run in the shell itself, since they change it, and
 * `kill`, which has to work when there is no process left to run it in.
 */
#include "sh.h"

static int nothing_builtin(char **arguments)
{
    (void)arguments;
    return 0;
}

static int leave_builtin(char **arguments)
{
    shell.leaving = **arguments;
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
    exit(arguments[1] ? atoi(arguments[1]) : shell.status);
}

/* Without a program, only the redirections count: they stay. */
static int exec_builtin(char **arguments)
{
    if (arguments[1])
        program_exec(arguments + 1);
    shell.keeps = true;
    return 0;
}

static int export_builtin(char **arguments)
{
    while (*++arguments)
        if (is_assignment(*arguments))
            variable_set(*arguments);
    return 0;
}

static int unset_builtin(char **arguments)
{
    while (*++arguments)
        unsetenv(*arguments);
    return 0;
}

static int children_wait(char **pids)
{
    int status = 0;

    while (!shell.interrupted && !*pids && wait(NULL) > 0)
        continue;
    for (; !shell.interrupted && *pids; pids++)
        status = process_wait(atoi(*pids));
    return status;
}

/* Ctrl-C breaks it off, even if it comes right before the waiting. */
static int wait_builtin(char **arguments)
{
    volatile int status = 128 + SIGINT;

    if (setjmp(shell.escape) == 0) {
        shell.escapable = true;
        status = children_wait(arguments + 1);
    }
    shell.escapable = false;
    return status;
}

/* Refuses what is no number: atoi() would make 0 of it, which means us all. */
static int kill_builtin(char **arguments)
{
    static const char *const names[] = {
        [SIGHUP] = "HUP",   [SIGINT] = "INT",   [SIGQUIT] = "QUIT",
        [SIGKILL] = "KILL", [SIGUSR1] = "USR1", [SIGSEGV] = "SEGV",
        [SIGUSR2] = "USR2", [SIGTERM] = "TERM", [SIGCONT] = "CONT",
        [SIGSTOP] = "STOP"};
    int number = SIGTERM, status = 0;

    if (arguments[1] && *arguments[1] == '-') {
        const char *name = *++arguments + 1;

        number = isdigit((unsigned char)*name) ? atoi(name) : -1;
        for (int i = 1; i <= SIGSTOP; i++)
            if (names[i] && strcmp(names[i], name) == 0)
                number = i;
    }
    while (*++arguments) {
        char *end;
        pid_t pid = strtol(*arguments, &end, 10);

        errno = EINVAL;
        if (end > *arguments && !*end && kill(pid, number) == 0)
            continue;
        warn("kill: %s", *arguments);
        status = 1;
    }
    return status;
}

int (*builtin_find(const char *name))(char **arguments)
{
    static const struct {
        const char *name;
        int (*run)(char **arguments);
    } builtins[] = {{":", nothing_builtin},      {"break", leave_builtin},
                    {"continue", leave_builtin}, {"cd", cd_builtin},
                    {"exec", exec_builtin},      {"exit", exit_builtin},
                    {"export", export_builtin},  {"kill", kill_builtin},
                    {"unset", unset_builtin},    {"wait", wait_builtin}};

    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
        if (strcmp(builtins[i].name, name) == 0)
            return builtins[i].run;
    return NULL;
}
