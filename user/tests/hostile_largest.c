/* When memory is out the process with the most pages ends, by SIGKILL, and
 * nobody else: neither a smaller one nor the one that asked for the page. */
/* only: spindle */
/* timeout: 60 */
/* mem: 64 */
#include "eat.h"

#include <sys/prctl.h>

/* Percent of what is free at first. Whatever the last ones have got,
 * the first is clearly the largest. */
enum { LARGEST = 50, SMALL = 20, LAST = 40, LAST_ONES = 4 };

static size_t percent;

/* Begins a child that holds so much memory, and waits until it does. */
static pid_t holder_begin(const char *name, size_t bytes)
{
    int ends[2];
    char byte = 0;

    MUST(pipe(ends));
    pid_t pid = MUST(fork());
    if (pid == 0) {
        MUST(setpgid(0, 0)); /* none of the last ones */
        MUST(prctl(PR_SET_NAME, name));
        eat(bytes);
        MUST(write(ends[1], &byte, 1));
        for (;;)
            pause();
    }
    close(ends[1]);
    if (MUST(read(ends[0], &byte, 1)) == 0)
        say("%s could not eat", name);
    close(ends[0]);
    return pid;
}

/* Each keeps what it has until all have theirs, or one is long dead. */
static void last_one(int *ready)
{
    eat(LAST * percent / LAST_ONES);
    __atomic_add_fetch(ready, 1, __ATOMIC_SEQ_CST);
    for (int i = 0; i < 500; i++)
        if (__atomic_load_n(ready, __ATOMIC_SEQ_CST) < LAST_ONES)
            usleep(10000);
    _exit(0);
}

/* Several want the last pages at once: each may ask who has to go, but only one
 * has to. How many of them live. */
static int last_ones(void)
{
    int *ready = mmap(NULL, sizeof *ready, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status, living = 0;

    for (int i = 0; i < LAST_ONES; i++)
        if (MUST(fork()) == 0)
            last_one(ready);
    for (int i = 0; i < LAST_ONES; i++) {
        MUST(waitpid(0, &status, 0));
        living += status == 0;
    }
    return living;
}

int main(void)
{
    int largest, small;

    percent = free_percent();
    pid_t small_pid = holder_begin("small", SMALL * percent);
    pid_t largest_pid = holder_begin("largest", LARGEST * percent);
    int living = last_ones();
    /* Who was killed before takes no notice. */
    kill(largest_pid, SIGTERM);
    kill(small_pid, SIGTERM);
    MUST(waitpid(largest_pid, &largest, 0));
    MUST(waitpid(small_pid, &small, 0));
    say("of the last ones live: %d", living);
    say_status("the largest", largest);
    say_status("the small one", small);
    say("%u pages or more: process %d", (unsigned)(LARGEST * percent / 4096),
        largest_pid);
    int right = living == LAST_ONES && largest == SIGKILL && small == SIGTERM;
    say(right ? "pass" : "fail");
    return !right;
}
