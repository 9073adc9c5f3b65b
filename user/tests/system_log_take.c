/* The log can be taken piece by piece, and emptied (on a Linux that is used,
 * others would miss what this takes). */
/* only: spindle */
#include "say.h"

#include <sys/klog.h>

enum { READ = 2, ALL, ALL_CLEAR, CLEAR, UNREAD = 9 };

static char bytes[1 << 16];

int main(void)
{
    int unread = MUST(klogctl(UNREAD, NULL, 0));
    int all = MUST(klogctl(ALL, bytes, sizeof bytes));

    say("all of it is unread: %d", unread == all && all > 100);
    TRY(klogctl(READ, bytes, 100));
    say("a piece: %d", klogctl(UNREAD, NULL, 0) == unread - 100);
    TRY(klogctl(ALL_CLEAR, bytes, sizeof bytes) == all);
    TRY(klogctl(ALL, bytes, sizeof bytes));
    say("still unread: %d", klogctl(UNREAD, NULL, 0) == unread - 100);
    if (fork() == 0)
        __builtin_trap();
    wait(NULL);
    TRY(klogctl(ALL, bytes, sizeof bytes) > 0);
    say("tells of it: %d", strstr(bytes, "system_log") != NULL);
    TRY(klogctl(CLEAR, NULL, 0));
    TRY(klogctl(ALL, bytes, sizeof bytes));
    say("pass");
    return 0;
}
