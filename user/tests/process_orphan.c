/* A process whose parent ends gets a new one and goes on undisturbed. */
#include "say.h"

static int report[2], go[2];

static void orphan(pid_t parent)
{
    char byte;

    MUST(read(go[0], &byte, 1));
    byte = getppid() != parent;
    MUST(write(report[1], &byte, 1));
    _exit(0);
}

static void parent(void)
{
    pid_t self = getpid();

    if (MUST(fork()) == 0)
        orphan(self);
    _exit(3);
}

int main(void)
{
    char changed = 0;
    int status;

    MUST(pipe(report));
    MUST(pipe(go));
    child_run("parent", parent);
    TRY(wait(&status));
    MUST(write(go[1], "x", 1));
    close(report[1]);
    MUST(read(report[0], &changed, 1));
    say("new parent: %d", changed);
    TRY(read(report[0], &changed, 1));
    return 0;
}
