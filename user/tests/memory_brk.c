/* The heap grows and shrinks by brk(), and fresh heap is zero. */
#include "say.h"

#include <sys/syscall.h>

int main(void)
{
    char *start = (char *)syscall(SYS_brk, 0), *end;
    int wrong = 0;

    end = (char *)syscall(SYS_brk, start + 300000);
    say("grown by %d", (int)(end - start));
    for (int i = 0; i < 300000; i++)
        wrong += start[i] != 0;
    say("not zero: %d", wrong);
    memset(start, 'x', 300000);
    end = (char *)syscall(SYS_brk, start + 4096);
    say("shrunk to %d", (int)(end - start));
    end = (char *)syscall(SYS_brk, start + 300000);
    for (int i = 8192; i < 300000; i++)
        wrong += start[i] != 0;
    say("not zero: %d, kept: %c", wrong, start[100]);
    end = (char *)syscall(SYS_brk, (char *)4096);
    say("too low changes nothing: %d", (int)(end - start));
    end = (char *)syscall(SYS_brk, (char *)0xfffff000);
    say("too high changes nothing: %d", (int)(end - start));
    end = (char *)syscall(SYS_brk, start);
    say("back: %d", (int)(end - start));
    return 0;
}
