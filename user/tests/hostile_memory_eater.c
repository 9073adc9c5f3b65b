/* Who eats all memory is ended, or refused, and nobody else notices. */
/* only: spindle */
/* timeout: 120 */
/* mem: 64 */
#include "say.h"

#include <fcntl.h>
#include <sys/mman.h>

/* Touches page after page; only a signal ends it. */
static void eat(void)
{
    enum { STEP = 1 << 20 };

    for (;;) {
        char *map = mmap(NULL, STEP, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (map == MAP_FAILED)
            _exit(7);
        for (int i = 0; i < STEP; i += 4096)
            map[i] = 1;
    }
}

/* Files are memory too: writing must end with an error. */
static void files_fill(void)
{
    static char bytes[65536];
    int fd = MUST(open("file", O_CREAT | O_WRONLY, 0644));

    while (write(fd, bytes, sizeof bytes) > 0)
        continue;
    say("a file: %s", errno == ENOSPC || errno == ENOMEM ? "full" : "?");
    MUST(unlink("file"));
    _exit(0);
}

static int eaters_run(void)
{
    int status, wrong = 0;

    for (int i = 0; i < 3; i++) {
        pid_t pid = MUST(fork());

        if (pid == 0)
            eat();
        MUST(waitpid(pid, &status, 0));
        wrong += !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) &&
                 !(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    }
    return wrong;
}

int main(void)
{
    int wrong, status;
    pid_t pid;

    scratch_enter();
    wrong = eaters_run();
    pid = MUST(fork());
    if (pid == 0)
        files_fill();
    MUST(waitpid(pid, &status, 0));
    unlink("file");
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
        wrong++;
    wrong += eaters_run();
    if (wrong) {
        say("%d ended in another way", wrong);
        return 1;
    }
    say("pass");
    return 0;
}
