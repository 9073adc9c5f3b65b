/*
 * The signal calls: the rt_ family that libcs use, and the old ones with
 * masks of 32 bits.
 */
#include "syscall/table.h"

#include "proc/process.h"
#include "syscall/time.h"
#include "x86/clock.h"
#include "x86/user_copy.h"

/* ---- actions ------------------------------------------------------------- */

s32 sys_rt_sigaction(s32 signal, const struct signal_action *action,
                     struct signal_action *old, size_t set_size)
{
    if (set_size != sizeof(signal_set))
        return -EINVAL;
    return signal_action_change((u32)signal, action, old);
}

/* The old struct has the same words in another order, and half the mask. */
s32 sys_sigaction(s32 signal, const struct old_sigaction *action,
                  struct old_sigaction *old)
{
    struct signal_action wanted, before;

    if (action)
        wanted = (struct signal_action){
            .handler = action->handler,
            .mask = {action->mask, 0},
            .flags = action->flags,
            .restorer = action->restorer,
        };
    int result =
        signal_action_change((u32)signal, action ? &wanted : NULL, &before);
    if (result == 0 && old)
        *old = (struct old_sigaction){before.handler, before.mask[0],
                                      before.flags, before.restorer};
    return result;
}

/* ---- masks --------------------------------------------------------------- */

/* The mask after SIG_BLOCK and so on; only bits of `reach` may change. */
static int mask_combine(s32 how, signal_set set, signal_set reach,
                        signal_set *mask)
{
    if (how == SIG_BLOCK)
        *mask |= set;
    else if (how == SIG_UNBLOCK)
        *mask &= ~set;
    else if (how == SIG_SETMASK)
        *mask = (*mask & ~reach) | set;
    else
        return -EINVAL;
    return 0;
}

s32 sys_rt_sigprocmask(s32 how, const void user *set, void user *old,
                       size_t set_size, bool wide)
{
    signal_set before = current_task()->signals.blocked;
    signal_set mask = before, wanted = 0;
    size_t size = wide ? sizeof(u64) : sizeof(u32);

    if (set_size != sizeof(signal_set))
        return -EINVAL;
    if (set) {
        if (user_copy_in(&wanted, set, size) < 0)
            return -EFAULT;
        if (mask_combine(how, wanted, wide ? ~0ull : ~0u, &mask) < 0)
            return -EINVAL;
        signal_set_blocked(mask);
    }
    return old ? user_copy_out(old, &before, size) : 0;
}

s32 sys_rt_sigpending(void user *set, size_t set_size)
{
    struct task *task = current_task();
    struct signal_process *signals = &task->process->signals;

    if (set_size > sizeof(signal_set))
        return -EINVAL;
    spin_lock(&signals->lock);
    signal_set pending = (task->signals.pending.set | signals->pending.set) &
                         task->signals.blocked;
    spin_unlock(&signals->lock);
    return user_copy_out(set, &pending, set_size);
}

/* ---- waiting for signals ------------------------------------------------- */

s32 sys_pause(void)
{
    while (!thread_is_interrupted())
        thread_park();
    return -ERESTARTNOHAND;
}

s32 sys_rt_sigsuspend(const u64 *set, size_t set_size)
{
    if (set_size != sizeof(*set))
        return -EINVAL;
    signal_mask_borrow(*set);
    return sys_pause();
}

s32 sys_sigsuspend(u32 unused1, u32 unused2, u32 mask)
{
    (void)unused1;
    (void)unused2;
    signal_mask_borrow(mask);
    return sys_pause();
}

/* Takes one of `wanted`, waiting until `deadline` (0: for ever). */
static s32 signal_wait(signal_set wanted, bool wait, u64 deadline,
                       siginfo_t *told)
{
    struct task *task = current_task();
    struct signal_info info;
    int number;

    while ((number = signal_take(task, wanted, &info)) == 0) {
        if (thread_is_interrupted())
            return -EINTR;
        if (!wait || (deadline != 0 && clock_nanoseconds() >= deadline))
            return -EAGAIN;
        thread_park_until(deadline);
    }
    if (told)
        signal_info_to_user(&info, told);
    return number;
}

s32 sys_rt_sigtimedwait(const u64 *set, siginfo_t *info,
                        const void user *timeout, size_t set_size, bool wide)
{
    u64 span = 0;
    int result = timeout ? timespec_in(timeout, wide, &span) : 0;

    if (result < 0)
        return result;
    if (set_size != sizeof(*set))
        return -EINVAL;
    return signal_wait(*set & ~(SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP)),
                       !timeout || span != 0,
                       timeout ? clock_deadline(span) : 0, info);
}

/* ---- sending ------------------------------------------------------------- */

/* Whom a kill may reach. Lock held. */
static bool may_signal(const struct process *target, u32 number)
{
    const struct process *self = current_process();

    return process_may_control(target) ||
           (number == SIGCONT &&
            target->group->session == self->group->session);
}

/* Sends unless number is 0, which only asks. Lock held. */
static s32 signal_one(struct process *target, const struct signal_info *info)
{
    if (!may_signal(target, (u32)info->number))
        return -EPERM;
    return info->number == 0 ? 0 : signal_send_locked(target, info);
}

static s32 kill_one(u32 pid, const struct signal_info *info)
{
    struct process *target = process_of(pid);
    return target ? signal_one(target, info) : -ESRCH;
}

/* 0 when one could be reached, else why the last could not. */
static s32 kill_group(u32 number, const struct signal_info *info)
{
    struct process_group *group = group_find(number);
    struct process *target;
    s32 result = -ESRCH;

    if (!group)
        return -ESRCH;
    list_for_each (target, &group->members, group_link) {
        s32 one = signal_one(target, info);
        if (result != 0)
            result = one;
    }
    return result;
}

/* Everybody but init and the caller. */
static s32 kill_all(const struct signal_info *info)
{
    struct number *number;
    s32 result = -ESRCH;

    number_for_each (number, NUMBER_PROCESS) {
        struct process *target = container_of(number, struct process, number);
        if (target == current_process() || target == init_process)
            continue;
        s32 one = signal_one(target, info);
        if (result != 0)
            result = one;
    }
    return result;
}

s32 sys_kill(s32 pid, s32 signal)
{
    struct signal_info info = signal_info_user((u32)signal, SI_USER);
    s32 result;

    if ((u32)signal > SIGNAL_COUNT)
        return -EINVAL;
    spin_lock(&process_table_lock);
    if (pid > 0)
        result = kill_one((u32)pid, &info);
    else if (pid == -1)
        result = kill_all(&info);
    else if (pid == 0)
        result = kill_group(group_number(current_process()->group), &info);
    else
        result = kill_group(-(u32)pid, &info);
    spin_unlock(&process_table_lock);
    return result;
}

/* `group` 0: any. */
static s32 task_signal(s32 group, s32 tid, const struct signal_info *info)
{
    s32 result = -ESRCH;

    if (tid <= 0 || group < 0 || (u32)info->number > SIGNAL_COUNT)
        return -EINVAL;
    spin_lock(&process_table_lock);
    struct task *task = task_find((u32)tid);
    if (task && (group == 0 || task->process->pid == (u32)group))
        result = may_signal(task->process, (u32)info->number) ? 0 : -EPERM;
    if (result == 0 && info->number != 0)
        result = signal_send_task(task, info);
    spin_unlock(&process_table_lock);
    return result;
}

s32 sys_tkill(s32 tid, s32 signal)
{
    struct signal_info info = signal_info_user((u32)signal, SI_TKILL);
    return task_signal(0, tid, &info);
}

s32 sys_tgkill(s32 group, s32 tid, s32 signal)
{
    struct signal_info info = signal_info_user((u32)signal, SI_TKILL);
    return group <= 0 ? -EINVAL : task_signal(group, tid, &info);
}

/* What sigqueue may claim: not that the kernel or kill sent it, unless the
 * receiver is the sender itself. */
static s32 queued_info(s32 signal, const siginfo_t *text, s32 receiver,
                       struct signal_info *info)
{
    bool self = receiver == (s32)current_task()->tid;

    if ((text->si_code >= 0 || text->si_code == SI_TKILL) && !self)
        return -EPERM;
    *info = (struct signal_info){
        .number = signal,
        .code = text->si_code,
        .error = text->si_errno,
        .pid = (u32)text->si_pid,
        .uid = text->si_uid,
        .value = (u32)text->si_value.sival_int,
    };
    return 0;
}

s32 sys_rt_sigqueueinfo(s32 pid, s32 signal, const siginfo_t *text)
{
    struct signal_info info;
    s32 result = queued_info(signal, text, pid, &info);

    if (result < 0)
        return result;
    if ((u32)signal > SIGNAL_COUNT)
        return -EINVAL;
    spin_lock(&process_table_lock);
    result = pid > 0 ? kill_one((u32)pid, &info) : -ESRCH;
    spin_unlock(&process_table_lock);
    return result;
}

s32 sys_rt_tgsigqueueinfo(s32 group, s32 tid, s32 signal, const siginfo_t *text)
{
    struct signal_info info;
    s32 result = queued_info(signal, text, tid, &info);

    if (result < 0)
        return result;
    return group <= 0 ? -EINVAL : task_signal(group, tid, &info);
}

/* ---- frames -------------------------------------------------------------- */

s32 sys_sigreturn(struct trap_frame *frame, bool real_time)
{
    int result = signal_frame_restore(frame, real_time);
    struct signal_info info = {.number = SIGSEGV, .code = SI_KERNEL};

    /* An eax of -EFAULT in a good frame is no error: ask what it left. */
    if (result == -EFAULT && frame->error != (u32)-1)
        signal_force(&info);
    return result;
}

s32 sys_sigaltstack(struct trap_frame *frame, const stack_t *stack,
                    stack_t *old)
{
    if (old)
        signal_stack_get(current_task(), frame->esp, old);
    return stack ? signal_stack_set(current_task(), frame->esp, stack) : 0;
}
