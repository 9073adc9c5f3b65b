/* The kernel's log can be read, emptied, and tells of a program that failed. */
#include "say.h"

#include <sys/klog.h>

enum { CLOSE, OPEN, READ, ALL, ALL_CLEAR, CLEAR, OFF, ON, LEVEL, UNREAD, SIZE };

static char bytes[1 << 18];

static void fail(void)
{
    __builtin_trap();
}

static void unprivileged(void)
{
    MUST(setuid(12345));
    TRY(klogctl(CLEAR, NULL, 0));
    TRY(klogctl(READ, bytes, 10));
    TRY(klogctl(LEVEL, NULL, 4));
    TRY(klogctl(77, NULL, 0));
}

int main(void)
{
    TRY(klogctl(OPEN, NULL, 0));
    TRY(klogctl(SIZE, NULL, 0) >= 4096);
    TRY(klogctl(ALL, NULL, 10));
    TRY(klogctl(ALL, bytes, -1));
    TRY(klogctl(77, NULL, 0));
    TRY(klogctl(-1, NULL, 0));
    TRY(klogctl(LEVEL, NULL, 0));
    TRY(klogctl(LEVEL, NULL, 9));
    TRY(klogctl(ALL, bytes, sizeof bytes) > 0);
    TRY(klogctl(READ, bytes, 0));
    TRY(klogctl(READ, bytes, 100) > 0);
    TRY(klogctl(ALL_CLEAR, bytes, sizeof bytes) > 0);
    TRY(klogctl(ALL, bytes, sizeof bytes));
    child_run("child", fail);
    TRY(klogctl(UNREAD, NULL, 0) > 0);
    TRY(klogctl(ALL, bytes, sizeof bytes) > 0);
    say("tells of it: %d", strstr(bytes, "system_log") != NULL);
    TRY(klogctl(CLEAR, NULL, 0));
    TRY(klogctl(ALL, bytes, sizeof bytes));
    child_run("unprivileged", unprivileged);
    TRY(klogctl(CLOSE, NULL, 0));
    return 0;
}
