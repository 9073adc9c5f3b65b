/*
 * On the way back to user code: the signals that are pending take effect.
 *
 * A system call that a signal interrupted leaves a restart code in eax. With
 * a handler it becomes -EINTR, or the call is made again when the handler has
 * returned (SA_RESTART); without, it is made again at once. To make it again
 * is to go back to its `int 0x80`, two bytes before.
 */
#include "core/cpu.h"
#include "core/printk.h"
#include "proc/process.h"
#include "x86/upcalls.h"
#include <asm/errno.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <asm/unistd.h>

#define INT_SIZE 2u /* bytes of int 0x80 */

#define FAULTS                                                                 \
    (SIGNAL_BIT(SIGSEGV) | SIGNAL_BIT(SIGBUS) | SIGNAL_BIT(SIGILL) |           \
     SIGNAL_BIT(SIGFPE) | SIGNAL_BIT(SIGTRAP))

/* ---- calls that are made again ------------------------------------------- */

static bool call_was_interrupted(const struct trap_frame *frame)
{
    return frame->vector == TRAP_SYSCALL && (s32)frame->error >= 0 &&
           (s32)frame->eax <= -ERESTARTSYS &&
           (s32)frame->eax >= -ERESTART_RESTARTBLOCK;
}

static void call_again(struct trap_frame *frame, u32 number)
{
    frame->eax = number;
    frame->eip -= INT_SIZE;
}

/* Before a handler runs. */
static void call_end(struct trap_frame *frame,
                     const struct signal_action *action)
{
    if (!call_was_interrupted(frame))
        return;
    s32 code = -(s32)frame->eax;
    bool again = code == ERESTARTNOINTR ||
                 (code == ERESTARTSYS && (action->flags & SA_RESTART));
    if (again)
        call_again(frame, frame->error);
    else
        frame->eax = (u32)-EINTR;
    frame->error = (u32)-1;
}

/* No handler has run. */
static void call_go_on(struct trap_frame *frame)
{
    if (!call_was_interrupted(frame))
        return;
    bool rest = -(s32)frame->eax == ERESTART_RESTARTBLOCK;
    call_again(frame, rest ? __NR_restart_syscall : frame->error);
    frame->error = (u32)-1;
}

/* ---- default actions ----------------------------------------------------- */

static void process_stop(struct process *process, u32 number)
{
    struct task *task;

    spin_lock(&process_table_lock);
    if (process->exiting || !process->signals.stop_due ||
        (number != SIGSTOP && group_is_orphaned(process->group))) {
        spin_unlock(&process_table_lock);
        return;
    }
    process->stopping = true;
    process->stop_reported = false;
    process->continue_pending = false;
    process->stop_signal = number;
    list_for_each (task, &process->tasks, link)
        if (task != current_task())
            task_set_work(task, THREAD_WORK_SIGNAL);
    spin_unlock(&process_table_lock);
}

void process_look_whether_stopped(struct process *process)
{
    if (!process->stopping || process->stopped || process->exiting ||
        process->standing_count != process->task_count)
        return;
    process->stopped = true;
    process_notify_parent(process, WAIT_STOPPED(process->stop_signal));
}

/* Until SIGCONT comes, or the task must end. */
static void stand_still(struct task *task)
{
    struct process *process = task->process;

    spin_lock(&process_table_lock);
    while (process->stopping && !signal_kills(task)) {
        process->standing_count += !task->stands;
        task->stands = true;
        process_look_whether_stopped(process);
        thread_park_unlocking(&process_table_lock);
    }
    process->standing_count -= task->stands;
    task->stands = false;
    spin_unlock(&process_table_lock);
}

static noreturn void die(const struct trap_frame *frame,
                         const struct signal_info *info)
{
    static const char *const names[] = {
        [SIGILL] = "SIGILL", [SIGTRAP] = "SIGTRAP", [SIGBUS] = "SIGBUS",
        [SIGFPE] = "SIGFPE", [SIGSEGV] = "SIGSEGV",
    };
    const struct process *process = current_process();
    u32 number = (u32)info->number;

    if (info->code > 0 && number < array_count(names) && names[number])
        printk("%u (%s): %s at %08x, eip %08x\n", process->pid, process->name,
               names[number], info->address, frame->eip);
    process_exit(number);
}

static void act_by_default(const struct trap_frame *frame, struct task *task,
                           const struct signal_info *info)
{
    u32 number = (u32)info->number;

    if (SIGNAL_BIT(number) & SIGNAL_STOPS) {
        process_stop(task->process, number);
        stand_still(task);
        return;
    }
    /* A fault of its own ends init too; nothing that was sent does. */
    bool fault = info->code > 0 && SIGNAL_BIT(number) & FAULTS;
    if (!fault && signal_is_ignored(task->process, number))
        return;
    die(frame, info);
}

/* ---- handlers ------------------------------------------------------------ */

/* A copy of the action; SA_RESETHAND takes the handler away. */
static struct signal_action action_use(struct process *process, u32 number)
{
    struct signal_actions *actions = process->actions;
    struct signal_action *mine = &actions->actions[number - 1];

    spin_lock(&actions->lock);
    struct signal_action action = *mine;
    if ((action.flags & SA_RESETHAND) && action.handler > HANDLER_IGNORE)
        mine->handler = HANDLER_DEFAULT;
    spin_unlock(&actions->lock);
    return action;
}

static signal_set mask_in_handler(const struct signal_action *action,
                                  u32 number, signal_set blocked)
{
    blocked |= action->mask[0] | (u64)action->mask[1] << 32;
    if (!(action->flags & SA_NODEFER))
        blocked |= SIGNAL_BIT(number);
    return blocked;
}

static void segv_force(u32 number)
{
    struct signal_info info = {.number = SIGSEGV, .code = SI_KERNEL};

    /* A SIGSEGV whose own frame cannot be made ends the process. */
    if (number == SIGSEGV)
        current_process()->actions->actions[SIGSEGV - 1].handler =
            HANDLER_DEFAULT;
    signal_force(&info);
}

static void handler_enter(struct trap_frame *frame, struct task *task,
                          const struct signal_info *info,
                          const struct signal_action *action)
{
    struct signal_task *signals = &task->signals;
    signal_set mask =
        signals->restore_blocked ? signals->saved_blocked : signals->blocked;

    call_end(frame, action);
    if (signal_frame_build(frame, task, info, action, mask) < 0) {
        segv_force((u32)info->number);
        return;
    }
    signals->restore_blocked = false;
    signal_set_blocked(
        mask_in_handler(action, (u32)info->number, signals->blocked));
}

static void signals_handle(struct trap_frame *frame, struct task *task)
{
    struct signal_info info;

    while (signal_take(task, ~task->signals.blocked, &info) != 0) {
        struct signal_action action =
            action_use(task->process, (u32)info.number);
        if (action.handler == HANDLER_DEFAULT)
            act_by_default(frame, task, &info);
        else if (action.handler != HANDLER_IGNORE)
            handler_enter(frame, task, &info, &action);
    }
    call_go_on(frame);
    if (task->signals.restore_blocked) {
        task->signals.restore_blocked = false;
        signal_set_blocked(task->signals.saved_blocked);
    }
}

by_registers void on_return_to_user(struct trap_frame *frame)
{
    struct task *task = current_task();

    cpu_interrupts_enable();
    if (unlikely(task->process->stopping))
        stand_still(task);
    if (task->thread.work & THREAD_WORK_EXIT)
        task_exit(task->process->exit_status);
    signals_handle(frame, task);
    cpu_interrupts_disable();
}
