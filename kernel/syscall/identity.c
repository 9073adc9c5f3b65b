/*
 * User and group numbers. Of the 16-bit calls only those are left that a C
 * library of today (dietlibc) makes: -1, leave it alone, is widened for them,
 * and numbers that don't fit are shown as 65534.
 */
#include "syscall/table.h"

#include "proc/process.h"
#include "x86/user_copy.h"

#define UNCHANGED   0xffffffffu
#define OVERFLOW_ID 65534u

static struct credentials *mine(void)
{
    return &current_process()->credentials;
}

/* ---- reading ------------------------------------------------------------- */

static s32 narrow(u32 id)
{
    return (s32)(id > 0xffff ? OVERFLOW_ID : id);
}

s32 sys_getuid32(struct identity *who)
{
    return (s32)who->real;
}

s32 sys_geteuid32(struct identity *who)
{
    return (s32)who->effective;
}

s32 sys_getuid(struct identity *who)
{
    return narrow(who->real);
}

s32 sys_geteuid(struct identity *who)
{
    return narrow(who->effective);
}

s32 sys_getresuid32(struct identity *who, u32 *real, u32 *effective, u32 *saved)
{
    *real = who->real;
    *effective = who->effective;
    *saved = who->saved;
    return 0;
}

/* ---- changing: users and groups obey the same rules ---------------------- */

static bool may_become(const struct identity *now, u32 id)
{
    return id == UNCHANGED || acts_as_root() || id == now->real ||
           id == now->effective || id == now->saved;
}

s32 sys_setresuid32(struct identity *now, u32 real, u32 effective, u32 saved)
{
    if (!may_become(now, real) || !may_become(now, effective) ||
        !may_become(now, saved))
        return -EPERM;
    if (real != UNCHANGED)
        now->real = real;
    if (effective != UNCHANGED)
        now->effective = effective;
    if (saved != UNCHANGED)
        now->saved = saved;
    return 0;
}

/* The saved number follows the effective one when the real one
 * is set, or the effective one becomes another than the real one was. */
s32 sys_setreuid32(struct identity *now, u32 real, u32 effective)
{
    bool save =
        real != UNCHANGED || (effective != UNCHANGED && effective != now->real);
    s32 result = sys_setresuid32(now, real, effective, UNCHANGED);

    if (result == 0 && save)
        now->saved = now->effective;
    return result;
}

s32 sys_setuid32(struct identity *now, u32 id)
{
    if (id == UNCHANGED)
        return -EINVAL;
    if (acts_as_root())
        return sys_setresuid32(now, id, id, id);
    if (id != now->real && id != now->saved)
        return -EPERM;
    now->effective = id;
    return 0;
}

static u32 widen(u32 id)
{
    return (id & 0xffff) == 0xffff ? UNCHANGED : id & 0xffff;
}

s32 sys_setresuid(struct identity *now, u32 real, u32 effective, u32 saved)
{
    return sys_setresuid32(now, widen(real), widen(effective), widen(saved));
}

/* Files are looked at with the effective numbers; this only tells them. */
s32 sys_setfsuid32(struct identity *now, u32 id)
{
    return (s32)now->effective;
}

/* ---- supplementary groups ------------------------------------------------ */

s32 sys_getgroups32(s32 count, u32 user *groups)
{
    s32 have = (s32)mine()->group_count;

    if (count < 0 || (count != 0 && count < have))
        return -EINVAL;
    if (count == 0)
        return have;
    return user_copy_out(groups, mine()->groups, (u32)have * sizeof(u32)) < 0
               ? -EFAULT
               : have;
}

/* From numbers of 4 bytes, or of 2. */
s32 sys_setgroups32(s32 count, const void user *source, bool wide)
{
    union {
        u32 wide[GROUPS_MAX];
        u16 narrow[GROUPS_MAX];
    } ids;

    if (!acts_as_root())
        return -EPERM;
    if (count < 0 || count > GROUPS_MAX)
        return -EINVAL;
    if (user_copy_in(&ids, source,
                     (u32)count * (wide ? sizeof(u32) : sizeof(u16))) < 0)
        return -EFAULT;
    for (s32 i = 0; i < count; i++)
        mine()->groups[i] = wide ? ids.wide[i] : ids.narrow[i];
    mine()->group_count = (u32)count;
    return 0;
}
