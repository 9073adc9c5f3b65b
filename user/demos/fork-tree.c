/*
 * Demo: fork() makes a tree.
 *
 * Each process forks two children, down to a depth of three: fifteen processes
 * from one. Nobody knows the whole tree; each knows its parent and waits for
 * its own children, and so the root is the last to end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEPTH = 3, BRANCHES = 2 };

/* Returns how many processes there are from here down. */
static int tree_grow(int depth)
{
    int size = 1, status;

    printf("%*s process %d, child of %d\n", (DEPTH - depth) * 4, "", getpid(),
           getppid());
    for (int i = 0; depth > 0 && i < BRANCHES; i++) {
        pid_t child = fork();

        if (child < 0) {
            perror("fork");
            exit(1);
        }
        if (child == 0)
            _exit(tree_grow(depth - 1));
        waitpid(child, &status, 0);
        size += WEXITSTATUS(status);
    }
    return size;
}

int main(void)
{
    /* Unbuffered: a buffer would be copied by fork and be printed twice. */
    setvbuf(stdout, NULL, _IONBF, 0);
    printf("%d processes: each waited for its children and added them up.\n",
           tree_grow(DEPTH));
    return 0;
}
