/*
 * The commands that must run in the shell itself, since they change it, and
 * `kill`, which has to work when there is no process left to run it in.
 */
#include "sh.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int nothing_builtin(char **arguments)
{
    (void)arguments;
    return 0;
}

static int break_builtin(char **arguments)
{
    shell.leaving = true;
    shell.continuing = strcmp(*arguments, "continue") == 0;
    return 0;
}

static int cd_builtin(char **arguments)
{
    const char *path = arguments[1] ? arguments[1] : getenv("HOME");

    if (!path || chdir(path) < 0)
        return complain(1, path ? path : "HOME", strerror(errno));
    return 0;
}

static int exit_builtin(char **arguments)
{
    exit(arguments[1] ? atoi(arguments[1]) : shell.status);
}

static int export_builtin(char **arguments)
{
    while (*++arguments) {
        size_t length = name_length(*arguments);

        if ((*arguments)[length] == '=')
            setenv(memory_string(*arguments, length), *arguments + length + 1,
                   true);
    }
    return 0;
}

static int unset_builtin(char **arguments)
{
    while (*++arguments)
        unsetenv(*arguments);
    return 0;
}

/* Without a program, only the redirections count: they stay. */
static int exec_builtin(char **arguments)
{
    if (arguments[1])
        program_exec(arguments + 1);
    return 0;
}

static int wait_builtin(char **arguments)
{
    int status = 0;

    if (!arguments[1])
        while (wait(NULL) >= 0 || (errno == EINTR && !shell.interrupted))
            continue;
    while (*++arguments)
        status = process_wait(atoi(*arguments));
    return status;
}

/* The number of a signal that its number or name gives; 0 if neither does. */
static int signal_number(const char *text)
{
    static const char names[] =
        " HUP 1 INT 2 QUIT 3 ILL 4 TRAP 5 ABRT 6 BUS 7 FPE 8 KILL 9 USR1 10"
        " SEGV 11 USR2 12 PIPE 13 ALRM 14 TERM 15 CHLD 17 CONT 18 STOP 19";
    const char *found = strstr(names, text);

    if (*text >= '0' && *text <= '9')
        return atoi(text);
    return *text && found ? atoi(found + strlen(text)) : 0;
}

static int kill_builtin(char **arguments)
{
    int number = SIGTERM, status = 0;

    if (arguments[1] && *arguments[1] == '-')
        number = signal_number(*++arguments + 1);
    while (*++arguments)
        if (kill(atoi(*arguments), number) < 0)
            status = complain(1, *arguments, strerror(errno));
    return status;
}

int (*builtin_find(const char *name))(char **arguments)
{
    static const struct {
        const char *name;
        int (*run)(char **arguments);
    } builtins[] = {{":", nothing_builtin},      {"break", break_builtin},
                    {"continue", break_builtin}, {"cd", cd_builtin},
                    {"exec", exec_builtin},      {"exit", exit_builtin},
                    {"export", export_builtin},  {"kill", kill_builtin},
                    {"unset", unset_builtin},    {"wait", wait_builtin}};

    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
        if (strcmp(builtins[i].name, name) == 0)
            return builtins[i].run;
    return NULL;
}
