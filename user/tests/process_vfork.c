/* After vfork() the parent sleeps until its child has ended or exec'ed. */
#include "say.h"

#include <fcntl.h>

static volatile int shared;

int main(int count, char **arguments)
{
    int status;
    pid_t pid;

    (void)arguments;
    if (count > 1) {
        usleep(10000);
        return 4;
    }
    pid = vfork();
    if (pid == 0) {
        shared = 1;
        _exit(3);
    }
    say("the child came first: %d", shared);
    MUST(waitpid(pid, &status, 0));
    say_status("child", status);
    pid = vfork();
    if (pid == 0) {
        shared = 2;
        execl(self_path(), "x", "again", NULL);
        _exit(99);
    }
    say("the child came first: %d", shared);
    TRY(waitpid(pid, &status, WNOHANG));
    MUST(waitpid(pid, &status, 0));
    say_status("child", status);
    return 0;
}
