/* Nothing is ever mapped at address 0, not even by root: a null pointer always
 * faults. */
/* only: spindle */
#include "say.h"

#include <sys/mman.h>

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define BOTH      (PROT_READ | PROT_WRITE)

static int wrong;

static void wants(const char *what, void *map, int error)
{
    if (map == MAP_FAILED && errno == error)
        return;
    say("%s: %s", what, map == MAP_FAILED ? error_name(errno) : "a mapping");
    wrong++;
}

int main(void)
{
    char *map = mmap(NULL, 8192, BOTH, ANONYMOUS, -1, 0);
    /* Where the compiler cannot know that it is null. */
    volatile uintptr_t zero = 0;
    char *null = (char *)zero;

    if (map == MAP_FAILED || map == null)
        MUST(-1);
    wants("mmap", mmap(null, 4096, BOTH, ANONYMOUS | MAP_FIXED, -1, 0), EPERM);
    wants("more pages", mmap(null, 65536, BOTH, ANONYMOUS | MAP_FIXED, -1, 0),
          EPERM);
    wants("mremap",
          mremap(map, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, null), EINVAL);
    map[4095] = 'a'; /* it has not moved */
    char *hinted = mmap(null + 1, 4096, BOTH, ANONYMOUS, -1, 0);
    if (hinted == MAP_FAILED || hinted < null + 4096) {
        say("a low hint does not lead elsewhere");
        wrong++;
    }
    if (wrong == 0)
        say("pass");
    return wrong != 0;
}
