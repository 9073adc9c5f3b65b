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

/* A string may have 32 pages, with its end. */
static void child_long(size_t length)
{
    static char string[32 * 4096 + 1];
    char *arguments[] = {"true", string, NULL}, *environment[] = {NULL};

    memset(string, 'x', length);
    string[length] = '\0';
    execve(self_path(), arguments, environment);
    say("exec with %zu: %s", length, error_name(errno));
}

static void child_longest(void)
{
    child_long(32 * 4096);
    child_long(32 * 4096 - 1);
}

int main(int count, char **arguments, char **environment)
{
    if (strcmp(arguments[0], "true") == 0)
        return 0;
    if (strcmp(arguments[0], "echo") == 0)
        return echo(count, arguments, environment);
    memset(long_argument, 'x', sizeof long_argument - 1);
    child_run("with", child);
    child_run("without", child_bare);
    child_run("longest", child_longest);
    return 0;
}
