/* A tree of 127 processes: each waits for its own, each sum is right. */
#include "say.h"

static int tree(int depth)
{
    int sum = 1, status;

    for (int i = 0; depth > 0 && i < 2; i++) {
        pid_t pid = MUST(fork());

        if (pid == 0)
            _exit(tree(depth - 1));
        MUST(waitpid(pid, &status, 0));
        sum += WEXITSTATUS(status);
    }
    return sum;
}

static int bush(int depth)
{
    int sum = 1, status;

    for (int i = 0; depth > 0 && i < 2; i++)
        if (MUST(fork()) == 0)
            _exit(bush(depth - 1));
    while (wait(&status) > 0)
        sum += WEXITSTATUS(status);
    return sum;
}

int main(void)
{
    say("one after the other: %d", tree(6));
    say("all at once: %d", bush(6));
    return 0;
}
