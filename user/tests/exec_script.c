/* A script names its interpreter after #!, with one argument at most. */
#include "say.h"

#include <fcntl.h>

static char self[256];

static int echo(int count, char **arguments)
{
    for (int i = 1; i < count; i++)
        say("argument %d is \"%s\"", i, arguments[i]);
    return 0;
}

static void script_run(const char *head, const char *tail)
{
    int fd = MUST(open("script", O_CREAT | O_WRONLY | O_TRUNC, 0755)), status;
    pid_t pid;

    dprintf(fd, "%s%s%s", head, self, tail);
    MUST(close(fd));
    pid = MUST(fork());
    if (pid == 0) {
        execl("./script", "ignored", "one", "two", NULL);
        say("exec: %s", error_name(errno));
        _exit(1);
    }
    MUST(waitpid(pid, &status, 0));
    say_status("script", status);
}

int main(int count, char **arguments)
{
    if (count > 1)
        return echo(count, arguments);
    scratch_enter();
    strcpy(self, self_path());
    (void)arguments;
    script_run("#!", "\n");
    script_run("#! ", " -a b  c \nrest\n");
    script_run("#!\t", "");
    script_run("x#!", "\n");
    return 0;
}
