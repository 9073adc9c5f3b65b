/* execve() hands over arguments and environment exactly. */
#include "say.h"

#include <sys/auxv.h>

static int echo(int count, char **arguments, char **environment)
{
    for (int i = 1; i < count; i++)
        say("argument %d is \"%.40s\", %zu bytes", i, arguments[i],
            strlen(arguments[i]));
    say("ends with null: %d", arguments[count] == NULL);
    for (; *environment; environment++)
        say("environment has \"%s\"", *environment);
    say("page size %lu, phdr %d, random %d, secure %lu", getauxval(AT_PAGESZ),
        getauxval(AT_PHDR) != 0, getauxval(AT_RANDOM) != 0,
        getauxval(AT_SECURE));
    return 42;
}

static char long_argument[100001];

static void child(void)
{
    char *arguments[] = {"echo", "one", "", "two words", long_argument, NULL};
    char *environment[] = {"A=1", "NOEQUALS", "EMPTY=", NULL};

    execve(self_path(), arguments, environment);
    say("exec: %s", error_name(errno));
}

static void child_bare(void)
{
    char *arguments[] = {"echo", NULL}, *environment[] = {NULL};

    execve(self_path(), arguments, environment);
    say("exec: %s", error_name(errno));
}

int main(int count, char **arguments, char **environment)
{
    if (strcmp(arguments[0], "echo") == 0)
        return echo(count, arguments, environment);
    memset(long_argument, 'x', sizeof long_argument - 1);
    child_run("with", child);
    child_run("without", child_bare);
    return 0;
}
