/* Each signal that nobody handles does what its default action says. */
#include "say.h"

static int number;

static void victim(void)
{
    raise(number);
    _exit(50);
}

int main(void)
{
    static const int ordinary[] = {
        SIGHUP,  SIGINT,   SIGQUIT, SIGILL,  SIGTRAP, SIGABRT, SIGBUS,
        SIGFPE,  SIGKILL,  SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM,
        SIGTERM, SIGCHLD,  SIGCONT, SIGURG,  SIGXCPU, SIGXFSZ, SIGVTALRM,
        SIGPROF, SIGWINCH, SIGIO,   SIGPWR,  SIGSYS,  34,      64};

    for (size_t i = 0; i < COUNT(ordinary); i++) {
        char name[32];

        number = ordinary[i];
        snprintf(name, sizeof name, "%s", signal_name(number));
        child_run(name, victim);
    }
    return 0;
}
