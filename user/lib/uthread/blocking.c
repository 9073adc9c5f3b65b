/*
 * Who waits in the kernel tells so by itself: musl makes all its calls that may
 * block (its cancellation points: read, poll, nanosleep, waitpid, sem_wait and
 * their like) in one function, and the linker puts this one in its place, in a
 * program that is linked with -Wl,--wrap=__syscall_cp,-u,__wrap___syscall_cp.
 *
 * Not for a thread that holds preemption off, and so may not come to another
 * kernel thread, nor for the library's own calls, which do that.
 */
#include "uthread/internal.h"

#define WORDS long a, long b, long c, long d, long e, long f

long __real___syscall_cp(long number, WORDS);
long __wrap___syscall_cp(long number, WORDS);

long __wrap___syscall_cp(long number, WORDS)
{
    struct uthread *self = thread_now();
    long result;

    if (!self || self->hold != 0)
        return __real___syscall_cp(number, a, b, c, d, e, f);
    uthread_blocking_begin();
    result = __real___syscall_cp(number, a, b, c, d, e, f);
    uthread_blocking_end();
    return result;
}
