/* When memory is out the process with the most pages ends, by SIGKILL, and
 * nobody else: neither a smaller one nor the one that asked for the page. */
/* only: spindle */
/* timeout: 60 */
/* mem: 64 */
#include "say.h"

#include <sys/prctl.h>
#include <sys/sysinfo.h>

/* Percent of what is free at first. Even when the last one has nearly all that
 * it wants, the first is clearly the largest. */
enum { LARGEST = 50, SMALL = 20, LAST = 40 };

static size_t percent;

static void eat(size_t bytes)
{
    volatile char *held = malloc(bytes);

    if (held == NULL)
        _exit(7);
    while (bytes >= 4096)
        held[bytes -= 4096] = 1;
}

/* Begins a child that holds so much memory, and waits until it does. */
static pid_t holder_begin(const char *name, size_t bytes)
{
    int ends[2];
    char byte = 0;

    MUST(pipe(ends));
    pid_t pid = MUST(fork());
    if (pid == 0) {
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

static int last_status(void)
{
    int status;
    pid_t pid = MUST(fork());

    if (pid == 0) {
        eat(LAST * percent);
        _exit(0);
    }
    MUST(waitpid(pid, &status, 0));
    return status;
}

int main(void)
{
    struct sysinfo memory;
    int last, largest, small;

    MUST(sysinfo(&memory));
    percent = memory.freeram / 100 * memory.mem_unit;
    pid_t small_pid = holder_begin("small", SMALL * percent);
    pid_t largest_pid = holder_begin("largest", LARGEST * percent);
    last = last_status();
    /* Who was killed before takes no notice. */
    kill(largest_pid, SIGTERM);
    kill(small_pid, SIGTERM);
    MUST(waitpid(largest_pid, &largest, 0));
    MUST(waitpid(small_pid, &small, 0));
    say_status("the last", last);
    say_status("the largest", largest);
    say_status("the small one", small);
    say("%u pages or more: process %d", (unsigned)(LARGEST * percent / 4096),
        largest_pid);
    int right = last == 0 && largest == SIGKILL && small == SIGTERM;
    say(right ? "pass" : "fail");
    return !right;
}
