/* A stopped process does nothing until SIGCONT, except die of SIGKILL. */
#include "say.h"

#include <sys/mman.h>

static volatile int *counter;

static pid_t counter_start(void)
{
    pid_t pid = MUST(fork());

    while (pid == 0)
        (*counter)++;
    return pid;
}

static void running_wait(void)
{
    int before = *counter;

    while (*counter == before)
        usleep(1000);
}

static void stopped_by(pid_t pid, int number)
{
    int status, before;

    running_wait();
    kill(pid, number);
    MUST(waitpid(pid, &status, WUNTRACED));
    say_status("counter", status);
    before = *counter;
    usleep(30000);
    say("stands still: %d", *counter == before);
    kill(pid, SIGCONT);
    MUST(waitpid(pid, &status, WCONTINUED));
    say_status("counter", status);
    running_wait();
}

int main(void)
{
    int status;
    pid_t pid;

    counter = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid = counter_start();
    setpgid(pid, 0);
    stopped_by(pid, SIGSTOP);
    stopped_by(pid, SIGSTOP);
    kill(pid, SIGSTOP);
    MUST(waitpid(pid, &status, WUNTRACED));
    kill(pid, SIGTERM);
    TRY(waitpid(pid, &status, WNOHANG));
    kill(pid, SIGCONT);
    MUST(waitpid(pid, &status, 0));
    say_status("counter", status);
    pid = counter_start();
    kill(pid, SIGSTOP);
    MUST(waitpid(pid, &status, WUNTRACED));
    kill(pid, SIGKILL);
    MUST(waitpid(pid, &status, 0));
    say_status("counter", status);
    return 0;
}
