/*
 * Where a system call arrives from the machine and its result goes back.
 *
 * The number the program asked for stays in the frame's error field (the CPU
 * gives int 0x80 none): a call that a signal interrupts is repeated with it.
 */
#include "syscall/table.h"

#include "core/boot_info.h"
#include "core/printk.h"
#include "proc/process.h"
#include "x86/cpu_features.h"
#include "x86/upcalls.h"

static bool tracing; /* boot option strace=1 */

static s32 syscall_unknown(u32 number)
{
    if (tracing)
        printk("%u (%s): call %u is unknown\n", current_task()->tid,
               current_process()->name, number);
    return -ENOSYS;
}

/* Calls that POSIX never restarts once a handler has run. */
static const u16 ends_at_handler[] = {
    __NR__newselect,
    __NR_pselect6,
    __NR_pselect6_time64,
    __NR_ppoll,
    __NR_ppoll_time64,
    __NR_rt_sigtimedwait,
    __NR_rt_sigtimedwait_time64,
};

/* -EINTR leaves as what the way back to user code makes of it. sigreturn may
 * give the -EINTR of an older call, which stays what it is. */
static s32 syscall_interrupted(const struct trap_frame *frame, u32 number)
{
    if (!thread_is_interrupted() || frame->error != number)
        return -EINTR;
    for (u32 i = 0; i < array_count(ends_at_handler); i++)
        if (ends_at_handler[i] == number)
            return -ERESTARTNOHAND;
    return -ERESTARTSYS;
}

by_registers void on_syscall(struct trap_frame *frame)
{
    u32 number = frame->eax;
    s32 result;

    assert_checked(!cpu_features.smap || !(cpu_flags() & EFLAGS_ALIGNMENT));
    frame->error = number;
    if (unlikely(number >= SYSCALL_COUNT || !syscalls[number].call))
        result = syscall_unknown(number);
    else if (unlikely(tracing))
        result = syscall_traced(frame, number);
    else
        result = syscalls[number].call(frame);
    if (unlikely(result == -EINTR))
        result = syscall_interrupted(frame, number);
    assert_checked(current_thread()->held_count == 0);
    frame->eax = (u32)result;
}

void syscalls_start(void)
{
    tracing = boot_option_u32("strace", 0, 0, 1);
}
