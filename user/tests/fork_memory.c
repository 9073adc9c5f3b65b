/* After fork() both sides see the same memory and change only their own. */
#include "say.h"

#include <sys/mman.h>

static int data = 1, blank;

static void child(void)
{
    say("child sees %d %d", data, blank);
    data = 10;
    blank = 20;
    say("child has %d %d", data, blank);
}

/* Both write every page, in turns, and check that all of theirs is there. */
static void pages_compare(void)
{
    enum { PAGES = 300 };
    int *pages = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int wrong = 0, status;
    pid_t pid;

    for (int i = 0; i < PAGES; i++)
        pages[i * 1024] = i;
    pid = MUST(fork());
    for (int i = 0; i < PAGES; i++)
        wrong += pages[i * 1024] != i;
    for (int i = 0; i < PAGES; i++)
        pages[i * 1024 + 1] = pid ? i : -i;
    for (int i = 0; i < PAGES; i++)
        wrong += pages[i * 1024] != i || pages[i * 1024 + 1] != (pid ? i : -i);
    if (pid == 0)
        _exit(wrong > 0);
    MUST(waitpid(pid, &status, 0));
    say_status("page child", status);
    say("parent: %d wrong", wrong);
}

int main(void)
{
    int *heap = malloc(sizeof *heap), status;

    *heap = 5;
    child_run("child", child);
    say("parent has %d %d", data, blank);
    if (MUST(fork()) == 0) {
        *heap = 6;
        if (MUST(fork()) == 0) {
            *heap = 7;
            _exit(*heap);
        }
        MUST(wait(&status));
        say_status("grandchild", status);
        _exit(*heap);
    }
    MUST(wait(&status));
    say_status("child", status);
    say("heap %d", *heap);
    pages_compare();
    return 0;
}
