/* After vfork() the parent sleeps until its child has ended or exec'ed. */
#include "say.h"

#include <fcntl.h>

static volatile int shared;

int main(int count, char **arguments)
{
    int status, ends[2];
    pid_t pid;
    char byte;

    (void)arguments;
    if (count > 1) /* until the parent lets it go */
        return read(0, &byte, 1) == 0 ? 4 : 5;
    pid = vfork();
    if (pid == 0) {
        shared = 1;
        _exit(3);
    }
    say("the child came first: %d", shared);
    MUST(waitpid(pid, &status, 0));
    say_status("child", status);
    MUST(pipe(ends));
    pid = vfork();
    if (pid == 0) {
        shared = 2;
        dup2(ends[0], 0);
        close(ends[1]);
        execl(self_path(), "x", "again", NULL);
        _exit(99);
    }
    say("the child came first: %d", shared);
    TRY(waitpid(pid, &status, WNOHANG));
    MUST(close(ends[1]));
    MUST(waitpid(pid, &status, 0));
    say_status("child", status);
    return 0;
}
