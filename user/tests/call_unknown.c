/* Calls that do not exist answer ENOSYS, whatever their arguments. */
#include "say.h"

#include <sys/syscall.h>

int main(void)
{
    TRY(syscall(100000, 1, 2, 3));
    TRY(syscall(-1, -1, -1, -1));
    TRY(syscall(0x7fffffff));
    TRY(syscall(0x40000000 + SYS_getpid));
    TRY(syscall(17));
    TRY(syscall(31));
    TRY(syscall(SYS_getpid) == getpid());
    return 0;
}
