/*
 * A handler's frame on the user stack, byte for byte as Linux i386 lays it
 * out, since C libraries and debuggers read it; and the way back, sigreturn,
 * which trusts nothing in it.
 *
 *        (higher addresses)
 *     FPU and SSE state   512 bytes of FXSAVE, on a 64-byte boundary
 *     FPU legacy state    112 bytes of FSAVE; context.fpstate points here
 *     old_frame or rt_frame, so that (its address + 4) is a multiple of 16
 *        (the handler's esp)
 */
#include "core/cpu.h"
#include "lib/string.h"
#include "proc/process.h"
#include "x86/user_copy.h"
#include <asm/errno.h>
#include <asm/siginfo.h>
#include <asm/sigcontext.h>
#include <asm/signal.h>
#include <linux/signal.h>

#define FPU_LEGACY_SIZE 112u
#define FPU_ALIGNMENT   64u

/* What a SA_SIGINFO handler gets as its third argument. */
struct user_context {
    u32 flags;
    u32 link;
    u32 stack_start, stack_flags, stack_size;
    struct sigcontext_32 context;
    u32 mask[2];
};

struct rt_frame {
    u32 return_address;
    u32 number;
    u32 info_address;
    u32 context_address;
    siginfo_t info;
    struct user_context user_context;
    u8 code[8];
};

struct old_frame {
    u32 return_address;
    u32 number;
    struct sigcontext_32 context;
    u8 unused[624]; /* where FPU state was, long ago */
    u32 high_mask;
    u8 code[8];
};

_Static_assert(sizeof(struct sigcontext_32) == 88, "sigcontext");
_Static_assert(sizeof(struct rt_frame) == 268, "rt_sigframe");
_Static_assert(offsetof(struct rt_frame, user_context) == 144, "rt_sigframe");
_Static_assert(offsetof(struct old_frame, high_mask) == 720, "sigframe");

/* For programs that name no restorer: debuggers know these bytes.
 * popl %eax; movl $119, %eax; int $0x80 */
static const u8 code_old[8] = {0x58, 0xb8, 119, 0, 0, 0, 0xcd, 0x80};
/* movl $173, %eax; int $0x80 */
static const u8 code_real_time[8] = {0xb8, 173, 0, 0, 0, 0xcd, 0x80, 0};

/* ---- the alternate stack ------------------------------------------------- */

static bool on_alternate_stack(const struct signal_task *signals, u32 esp)
{
    return signals->stack.size != 0 && esp > signals->stack.start &&
           esp - signals->stack.start <= signals->stack.size;
}

void signal_stack_get(const struct task *task, u32 esp, stack_t *stack)
{
    const struct signal_task *signals = &task->signals;
    u32 flags = signals->stack.size == 0           ? SS_DISABLE
                : on_alternate_stack(signals, esp) ? SS_ONSTACK
                                                   : 0;

    *stack = (stack_t){
        .ss_sp = (void *)(uintptr_t)signals->stack.start,
        .ss_flags = (int)(flags | (signals->stack.flags & SS_AUTODISARM)),
        .ss_size = signals->stack.size,
    };
}

int signal_stack_set(struct task *task, u32 esp, const stack_t *stack)
{
    struct signal_task *signals = &task->signals;
    u32 mode = (u32)stack->ss_flags & ~SS_AUTODISARM;

    if (on_alternate_stack(signals, esp) &&
        !(signals->stack.flags & SS_AUTODISARM))
        return -EPERM;
    if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
        return -EINVAL;
    if (mode != SS_DISABLE && stack->ss_size < MINSIGSTKSZ)
        return -ENOMEM;
    bool off = mode == SS_DISABLE;
    signals->stack = (struct signal_stack){
        .start = off ? 0 : (u32)(uintptr_t)stack->ss_sp,
        .size = off ? 0 : stack->ss_size,
        .flags = (u32)stack->ss_flags,
    };
    return 0;
}

static void stack_disarm(struct signal_task *signals)
{
    if (signals->stack.flags & SS_AUTODISARM)
        signals->stack = (struct signal_stack){.flags = SS_DISABLE};
}

/* ---- making -------------------------------------------------------------- */

/* Where the parts go. */
struct frame_places {
    u32 frame; /* the handler's esp */
    u32 fpu;
};

/* 0, or -EFAULT when the alternate stack would overflow. */
static int frame_place(const struct trap_frame *frame,
                       const struct signal_task *signals,
                       const struct signal_action *action, u32 size,
                       struct frame_places *places)
{
    bool on_it = on_alternate_stack(signals, frame->esp);
    bool to_it =
        !on_it && (action->flags & SA_ONSTACK) && signals->stack.size != 0;
    u32 top = to_it ? signals->stack.start + signals->stack.size : frame->esp;

    u32 registers = round_down(top - sizeof(struct fpu_state), FPU_ALIGNMENT);
    places->fpu = registers - FPU_LEGACY_SIZE;
    places->frame = round_down(places->fpu - size + 4, 16u) - 4;
    if ((on_it || to_it) && !on_alternate_stack(signals, places->frame))
        return -EFAULT;
    return 0;
}

static int fpu_write(u32 address)
{
    struct fpu_state state;
    u8 legacy[FPU_LEGACY_SIZE];

    memset(&state, 0, sizeof(state));
    fpu_save(&state);
    fpu_state_to_legacy(&state, legacy);
    memcpy(legacy + 108, state.bytes + 2, 2); /* status word again */
    memset(legacy + 110, 0, 2);               /* magic: FXSAVE follows */
    if (user_copy_out((void user *)address, legacy, sizeof(legacy)) < 0)
        return -EFAULT;
    return user_copy_out((void user *)(address + FPU_LEGACY_SIZE), &state,
                         sizeof(state));
}

static void context_fill(struct sigcontext_32 *context,
                         const struct trap_frame *frame,
                         const struct signal_task *signals, u32 fpu, u32 mask)
{
    *context = (struct sigcontext_32){
        .gs = segments_gs(),
        .fs = segments_fs(),
        .es = (u16)frame->es,
        .ds = (u16)frame->ds,
        .di = frame->edi,
        .si = frame->esi,
        .bp = frame->ebp,
        .sp = frame->esp,
        .bx = frame->ebx,
        .dx = frame->edx,
        .cx = frame->ecx,
        .ax = frame->eax,
        .trapno = signals->fault_vector,
        .err = signals->fault_error,
        .ip = frame->eip,
        .cs = (u16)frame->cs,
        .flags = frame->eflags,
        .sp_at_signal = frame->esp,
        .ss = (u16)frame->ss,
        .fpstate = fpu,
        .oldmask = mask,
        .cr2 = signals->fault_address,
    };
}

void signal_info_to_user(const struct signal_info *info, siginfo_t *target)
{
    memset(target, 0, sizeof(*target));
    target->si_signo = info->number;
    target->si_errno = info->error;
    target->si_code = info->code;
    bool fault = info->code > 0 && info->code != SI_KERNEL;
    if (info->number == SIGCHLD && info->code > 0) {
        target->si_pid = (s32)info->pid;
        target->si_uid = info->uid;
        target->si_status = (s32)info->status;
    } else if (fault) {
        target->si_addr = (void *)(uintptr_t)info->address;
    } else {
        target->si_pid = (s32)info->pid;
        target->si_uid = info->uid;
        target->si_value.sival_int = (s32)info->value;
    }
}

static u32 return_address(const struct signal_action *action, u32 code)
{
    return action->flags & SA_RESTORER ? action->restorer : code;
}

static int rt_frame_write(const struct trap_frame *frame,
                          const struct task *task,
                          const struct signal_info *info,
                          const struct signal_action *action, signal_set mask,
                          const struct frame_places *places)
{
    struct rt_frame built;
    u32 at = places->frame;
    stack_t stack;

    memset(&built, 0, sizeof(built));
    built.return_address =
        return_address(action, at + offsetof(struct rt_frame, code));
    built.number = (u32)info->number;
    built.info_address = at + offsetof(struct rt_frame, info);
    built.context_address = at + offsetof(struct rt_frame, user_context);
    signal_info_to_user(info, &built.info);
    signal_stack_get(task, frame->esp, &stack);
    built.user_context.stack_start = (u32)(uintptr_t)stack.ss_sp;
    built.user_context.stack_flags = (u32)stack.ss_flags;
    built.user_context.stack_size = stack.ss_size;
    context_fill(&built.user_context.context, frame, &task->signals,
                 places->fpu, (u32)mask);
    built.user_context.mask[0] = (u32)mask;
    built.user_context.mask[1] = (u32)(mask >> 32);
    memcpy(built.code, code_real_time, sizeof(built.code));
    return user_copy_out((void user *)at, &built, sizeof(built));
}

static int old_frame_write(const struct trap_frame *frame,
                           const struct task *task,
                           const struct signal_info *info,
                           const struct signal_action *action, signal_set mask,
                           const struct frame_places *places)
{
    u32 at = places->frame;
    struct {
        u32 return_address;
        u32 number;
        struct sigcontext_32 context;
    } head;
    struct {
        u32 high_mask;
        u8 code[8];
    } tail = {.high_mask = (u32)(mask >> 32)};

    head.return_address =
        return_address(action, at + offsetof(struct old_frame, code));
    head.number = (u32)info->number;
    context_fill(&head.context, frame, &task->signals, places->fpu, (u32)mask);
    memcpy(tail.code, code_old, sizeof(tail.code));
    if (user_copy_out((void user *)at, &head, sizeof(head)) < 0)
        return -EFAULT;
    return user_copy_out(
        (void user *)(at + offsetof(struct old_frame, high_mask)), &tail,
        sizeof(tail));
}

/* The registers with which the handler begins. */
static void handler_registers(struct trap_frame *frame, u32 at,
                              const struct signal_info *info,
                              const struct signal_action *action)
{
    bool real_time = (action->flags & SA_SIGINFO) != 0;

    frame->eax = (u32)info->number;
    frame->edx = real_time ? at + offsetof(struct rt_frame, info) : 0;
    frame->ecx = real_time ? at + offsetof(struct rt_frame, user_context) : 0;
    frame->ds = frame->es = frame->ss = SELECTOR_USER_DATA;
    frame->cs = SELECTOR_USER_CODE;
    frame->eip = action->handler;
    frame->esp = at;
    frame->eflags &= ~(EFLAGS_DIRECTION | EFLAGS_RESUME | EFLAGS_TRAP);
}

int signal_frame_build(struct trap_frame *frame, struct task *task,
                       const struct signal_info *info,
                       const struct signal_action *action, signal_set mask)
{
    bool real_time = (action->flags & SA_SIGINFO) != 0;
    struct frame_places places;
    struct fpu_state clean;

    int result = frame_place(frame, &task->signals, action,
                             real_time ? sizeof(struct rt_frame)
                                       : sizeof(struct old_frame),
                             &places);
    if (result == 0)
        result = fpu_write(places.fpu);
    if (result < 0)
        return result;
    result = (real_time ? rt_frame_write : old_frame_write)(
        frame, task, info, action, mask, &places);
    if (result < 0)
        return result;
    handler_registers(frame, places.frame, info, action);
    stack_disarm(&task->signals);
    fpu_state_initialize(&clean);
    fpu_restore(&clean);
    return 0;
}

/* ---- the way back -------------------------------------------------------- */

static int fpu_read(u32 address)
{
    struct fpu_state state;

    if (address == 0)
        fpu_state_initialize(&state);
    else if (user_copy_in(&state,
                          (const void user *)(address + FPU_LEGACY_SIZE),
                          sizeof(state)) < 0)
        return -EFAULT;
    fpu_state_sanitize(&state);
    fpu_restore(&state);
    return 0;
}

static void context_use(struct trap_frame *frame,
                        const struct sigcontext_32 *context)
{
    frame->es = context->es;
    frame->ds = context->ds;
    frame->edi = context->di;
    frame->esi = context->si;
    frame->ebp = context->bp;
    frame->esp = context->sp;
    frame->ebx = context->bx;
    frame->edx = context->dx;
    frame->ecx = context->cx;
    frame->eax = context->ax;
    frame->eip = context->ip;
    frame->cs = context->cs;
    frame->ss = context->ss;
    frame->eflags = context->flags;
    frame->error = (u32)-1; /* no call to be made again */
    trap_frame_sanitize(frame);
    preempt_disable();
    segments_load(context->fs, context->gs);
    preempt_enable();
}

/* The part of either frame that counts. */
struct saved {
    struct sigcontext_32 context;
    u32 mask[2];
};

/* The handler's return took the return address off; the old trampoline also
 * the number. */
static int saved_read(struct saved *saved, u32 esp, bool real_time)
{
    u32 at = real_time ? esp - 4 : esp - 8;
    u32 context = real_time
                      ? at + offsetof(struct rt_frame, user_context.context)
                      : at + offsetof(struct old_frame, context);
    u32 high_mask = real_time
                        ? at + offsetof(struct rt_frame, user_context.mask[1])
                        : at + offsetof(struct old_frame, high_mask);

    if (user_copy_in(&saved->context, (const void user *)context,
                     sizeof(saved->context)) < 0 ||
        user_load(&saved->mask[1], (const u32 user *)high_mask) < 0)
        return -EFAULT;
    saved->mask[0] = saved->context.oldmask;
    if (!real_time)
        return 0;
    return user_load(&saved->mask[0], (const u32 user *)(high_mask - 4));
}

static int stack_restore(struct task *task, u32 esp, u32 handler_esp)
{
    u32 at =
        handler_esp - 4 + offsetof(struct rt_frame, user_context.stack_start);
    stack_t stack;

    if (user_copy_in(&stack, (const void user *)at, sizeof(stack)) < 0)
        return -EFAULT;
    /* As on Linux, what cannot be restored is left as it is. */
    (void)signal_stack_set(task, esp, &stack);
    return 0;
}

int signal_frame_restore(struct trap_frame *frame, bool real_time)
{
    struct task *task = current_task();
    u32 handler_esp = frame->esp;
    struct saved saved;

    task->restart.again = NULL; /* the handler's own calls have used it */
    if (saved_read(&saved, handler_esp, real_time) < 0 ||
        fpu_read(saved.context.fpstate) < 0)
        return -EFAULT;
    signal_set_blocked(saved.mask[0] | (u64)saved.mask[1] << 32);
    context_use(frame, &saved.context);
    if (real_time && stack_restore(task, frame->esp, handler_esp) < 0)
        return -EFAULT;
    return (int)saved.context.ax;
}
