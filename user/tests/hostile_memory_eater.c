/* Who eats all memory is ended, or refused, and nobody else notices. */
/* only: spindle */
/* timeout: 120 */
/* mem: 64 */
#include "eat.h"

#include <fcntl.h>

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

        while (pid == 0)
            eat(1 << 20);
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
