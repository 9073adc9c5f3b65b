/* A shared mapping stays one memory through fork(); a private one splits. */
#include "say.h"

#include <sys/mman.h>

static volatile int *shared, *apart;

static void child(void)
{
    shared[0] = 11;
    apart[0] = 12;
    shared[5000] = 13;
}

int main(void)
{
    const int both = PROT_READ | PROT_WRITE;
    int status;

    shared = mmap(NULL, 40000, both, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    apart = mmap(NULL, 40000, both, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    shared[0] = apart[0] = 1;
    child_run("child", child);
    say("shared %d, apart %d, late page %d", shared[0], apart[0], shared[5000]);
    for (int i = 0; i < 4; i++)
        if (MUST(fork()) == 0) {
            for (int j = 0; j < 10000; j++)
                __atomic_fetch_add(&shared[100], 1, __ATOMIC_RELAXED);
            _exit(0);
        }
    while (wait(&status) > 0)
        continue;
    say("counted together: %d", shared[100]);
    return 0;
}
