/*
 * What user code did wrong, as a signal: which one, with which code and
 * address, is Linux i386's choice.
 */
#include "core/printk.h"
#include "proc/process.h"
#include "x86/upcalls.h"
#include <asm/errno.h>
#include <asm/siginfo.h>
#include <asm/signal.h>

#define MXCSR_AT 24 /* in struct fpu_state */

struct fault_kind {
    u8 signal;
    u8 code;
    bool tells_address;
};

static const struct fault_kind kinds[32] = {
    [TRAP_DIVIDE] = {SIGFPE, FPE_INTDIV, true},
    [TRAP_DEBUG] = {SIGTRAP, TRAP_TRACE, true},
    [TRAP_BREAKPOINT] = {SIGTRAP, SI_KERNEL, false},
    [TRAP_OVERFLOW] = {SIGSEGV, SI_KERNEL, false},
    [TRAP_BOUND] = {SIGSEGV, SI_KERNEL, false},
    [TRAP_INVALID_OPCODE] = {SIGILL, ILL_ILLOPN, true},
    [TRAP_INVALID_TSS] = {SIGSEGV, SI_KERNEL, false},
    [TRAP_NO_SEGMENT] = {SIGBUS, SI_KERNEL, false},
    [TRAP_STACK_FAULT] = {SIGBUS, SI_KERNEL, false},
    [TRAP_PROTECTION] = {SIGSEGV, SI_KERNEL, false},
    [TRAP_FPU] = {SIGFPE, 0, true},
    [TRAP_ALIGNMENT] = {SIGBUS, BUS_ADRALN, false},
    [TRAP_SIMD] = {SIGFPE, 0, true},
    [TRAP_BAD_RETURN] = {SIGILL, ILL_BADSTK, false},
};

static const struct fault_kind unknown_kind = {SIGSEGV, SI_KERNEL, false};

/* The exceptions of x87 and SSE have the same order of bits. */
static int float_code(u32 exceptions)
{
    static const struct {
        u32 bits;
        int code;
    } codes[] = {
        {0x01, FPE_FLTINV}, {0x04, FPE_FLTDIV}, {0x08, FPE_FLTOVF},
        {0x12, FPE_FLTUND}, {0x20, FPE_FLTRES},
    };

    for (u32 i = 0; i < array_count(codes); i++)
        if (exceptions & codes[i].bits)
            return codes[i].code;
    return FPE_FLTINV;
}

/* Raised and not masked: control word 0 and status word 2 of the x87; MXCSR
 * holds flags and, seven bits up, masks. */
static u32 float_exceptions(u32 vector)
{
    struct fpu_state state;

    fpu_save(&state);
    if (vector == TRAP_FPU)
        return (u32)(state.bytes[2] & ~state.bytes[0]) & 0x3f;
    u32 mxcsr = state.bytes[MXCSR_AT] | (u32)state.bytes[MXCSR_AT + 1] << 8;
    return mxcsr & ~(mxcsr >> 7) & 0x3f;
}

static void page_fault_info(struct signal_info *info, u32 address, int result)
{
    info->address = address;
    info->number = result == -EIO ? SIGBUS : SIGSEGV;
    info->code = result == -EIO      ? BUS_ADRERR
                 : result == -EACCES ? SEGV_ACCERR
                                     : SEGV_MAPERR;
}

static void exception_info(struct signal_info *info,
                           const struct trap_frame *frame, u32 address)
{
    const struct fault_kind *kind = &unknown_kind;

    if (frame->vector < array_count(kinds) && kinds[frame->vector].signal != 0)
        kind = &kinds[frame->vector];
    info->number = kind->signal;
    info->code = kind->code;
    info->address = kind->tells_address ? address : 0;
    if (kind->code == 0)
        info->code = float_code(float_exceptions(frame->vector));
}

void on_user_fault(struct trap_frame *frame, u32 address, int result)
{
    struct task *task = current_task();
    struct signal_info info = {.number = 0};

    task->signals.fault_vector = frame->vector;
    task->signals.fault_error = frame->error;
    if (frame->vector == TRAP_PAGE_FAULT) {
        task->signals.fault_address = address;
        if (result == -ENOMEM) {
            if (task->process == init_process)
                return;              /* it asks again */
            if (!signal_kills(task)) /* nor was it chosen to go */
                printk("out of memory: %u (%s) ends, for want of a page\n",
                       task->process->pid, task->process->name);
            signal_send_process(task->process, SIGKILL);
            return;
        }
        page_fault_info(&info, address, result);
    } else {
        exception_info(&info, frame, address);
    }
    signal_force(&info);
}
