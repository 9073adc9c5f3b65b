/* Processes that read one open file of /proc at once each get whole lines. */
/* only: spindle */
/* append: quantum=1 */
#include "say.h"

#include <ctype.h>
#include <fcntl.h>

enum { READERS = 4, ROUNDS = 1000 };

/* Every line of maps begins with a lower-case hexadecimal address. */
static int is_whole(const char *text, ssize_t length)
{
    for (ssize_t at = 0; at < length; at++) {
        if (text[at] == '\0')
            return 0;
        if ((at == 0 || text[at - 1] == '\n') && !isxdigit(text[at]))
            return 0;
    }
    return length > 0;
}

static int reader(int fd)
{
    static char text[8192];

    for (int round = 0; round < ROUNDS; round++)
        if (!is_whole(text, pread(fd, text, sizeof text, 0)))
            return 1;
    return 0;
}

int main(void)
{
    int fd = MUST(open("/proc/self/maps", O_RDONLY)), broken = 0, status;

    for (int i = 0; i < READERS; i++)
        if (MUST(fork()) == 0)
            _exit(reader(fd));
    for (int i = 0; i < READERS; i++) {
        MUST(wait(&status));
        broken += status != 0;
    }
    say("%d of %d readers saw a broken text", broken, READERS);
    say(broken ? "fail" : "pass");
    return broken != 0;
}
