/* mmap() gives zeroed memory of one's own, and refuses what makes no sense. */
#include "say.h"

#include <fcntl.h>
#include <sys/mman.h>

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define BOTH      (PROT_READ | PROT_WRITE)

static void refusal_say(const char *what, void *map)
{
    say("%s: %s", what, map == MAP_FAILED ? error_name(errno) : "a mapping");
}

int main(void)
{
    char *one = mmap(NULL, 100000, BOTH, ANONYMOUS, -1, 0);
    char *two = mmap(NULL, 4096, BOTH, ANONYMOUS, -1, 0), *fixed;
    int wrong = 0, fd;

    for (int i = 0; i < 100000; i++)
        wrong += one[i] != 0;
    say("not zero: %d, aligned: %d", wrong, ((uintptr_t)one & 4095) == 0);
    memset(one, 'x', 100000);
    say("apart: %d", two[0] == 0);
    fixed = mmap(one + 4096, 8192, BOTH, ANONYMOUS | MAP_FIXED, -1, 0);
    say("fixed in place: %d, fresh: %d, around: %c %c", fixed == one + 4096,
        fixed[0] == 0 && fixed[8191] == 0, one[4095], one[12288]);
    TRY(munmap(one, 102400));
    TRY(munmap(one, 102400));
    TRY(munmap(one, 0));
    TRY(munmap(one + 1, 4096));
    TRY(munmap((void *)0xfffff000, 8192));
    refusal_say("nothing", mmap(NULL, 0, BOTH, ANONYMOUS, -1, 0));
    refusal_say("everything", mmap(NULL, 0xfffff000, BOTH, ANONYMOUS, -1, 0));
    refusal_say("no kind", mmap(NULL, 4096, BOTH, MAP_ANONYMOUS, -1, 0));
    refusal_say("no file", mmap(NULL, 4096, BOTH, MAP_PRIVATE, 99, 0));
    refusal_say("odd place",
                mmap((void *)12345, 4096, BOTH, ANONYMOUS | MAP_FIXED, -1, 0));
    fd = MUST(open("/", O_RDONLY));
    refusal_say("directory", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0));
    refusal_say("odd offset", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 1));
    one = mmap((void *)0x50000000, 4096, BOTH, ANONYMOUS, -1, 0);
    say("a hint is taken: %d", one == (void *)0x50000000);
    two = mmap((void *)0x50000000, 4096, BOTH, ANONYMOUS, -1, 0);
    say("but not twice: %d", two != one && two != MAP_FAILED);
    return 0;
}
