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

s32 sys_getuid32(void)
{
    return (s32)mine()->uid.real;
}

s32 sys_geteuid32(void)
{
    return (s32)mine()->uid.effective;
}

s32 sys_getgid32(void)
{
    return (s32)mine()->gid.real;
}

s32 sys_getegid32(void)
{
    return (s32)mine()->gid.effective;
}

s32 sys_getuid(void)
{
    return narrow(mine()->uid.real);
}

s32 sys_geteuid(void)
{
    return narrow(mine()->uid.effective);
}

s32 sys_getgid(void)
{
    return narrow(mine()->gid.real);
}

s32 sys_getegid(void)
{
    return narrow(mine()->gid.effective);
}

static s32 identity_out(const struct identity *who, u32 user *real,
                        u32 user *effective, u32 user *saved)
{
    if (user_store(real, who->real) < 0 ||
        user_store(effective, who->effective) < 0)
        return -EFAULT;
    return user_store(saved, who->saved);
}

s32 sys_getresuid32(u32 user *real, u32 user *effective, u32 user *saved)
{
    return identity_out(&mine()->uid, real, effective, saved);
}

s32 sys_getresgid32(u32 user *real, u32 user *effective, u32 user *saved)
{
    return identity_out(&mine()->gid, real, effective, saved);
}

/* ---- changing: users and groups obey the same rules ---------------------- */

static bool may_become(const struct identity *now, u32 id)
{
    return id == UNCHANGED || acts_as_root() || id == now->real ||
           id == now->effective || id == now->saved;
}

/* setresuid(2). */
static s32 change_all(struct identity *now, u32 real, u32 effective, u32 saved)
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

/* setreuid(2): the saved number follows the effective one when the real one
 * is set, or the effective one becomes another than the real one was. */
static s32 change_two(struct identity *now, u32 real, u32 effective)
{
    bool save =
        real != UNCHANGED || (effective != UNCHANGED && effective != now->real);
    s32 result = change_all(now, real, effective, UNCHANGED);

    if (result == 0 && save)
        now->saved = now->effective;
    return result;
}

/* setuid(2). */
static s32 change_one(struct identity *now, u32 id)
{
    if (id == UNCHANGED)
        return -EINVAL;
    if (acts_as_root())
        return change_all(now, id, id, id);
    if (id != now->real && id != now->saved)
        return -EPERM;
    now->effective = id;
    return 0;
}

s32 sys_setuid32(u32 uid)
{
    return change_one(&mine()->uid, uid);
}

s32 sys_setgid32(u32 gid)
{
    return change_one(&mine()->gid, gid);
}

s32 sys_setreuid32(u32 real, u32 effective)
{
    return change_two(&mine()->uid, real, effective);
}

s32 sys_setregid32(u32 real, u32 effective)
{
    return change_two(&mine()->gid, real, effective);
}

s32 sys_setresuid32(u32 real, u32 effective, u32 saved)
{
    return change_all(&mine()->uid, real, effective, saved);
}

s32 sys_setresgid32(u32 real, u32 effective, u32 saved)
{
    return change_all(&mine()->gid, real, effective, saved);
}

static u32 widen(u32 id)
{
    return (id & 0xffff) == 0xffff ? UNCHANGED : id & 0xffff;
}

s32 sys_setresuid(u32 real, u32 effective, u32 saved)
{
    return sys_setresuid32(widen(real), widen(effective), widen(saved));
}

s32 sys_setresgid(u32 real, u32 effective, u32 saved)
{
    return sys_setresgid32(widen(real), widen(effective), widen(saved));
}

/* Files are looked at with the effective numbers; these only tell them. */
s32 sys_setfsuid32(u32 uid)
{
    (void)uid;
    return sys_geteuid32();
}

s32 sys_setfsgid32(u32 gid)
{
    (void)gid;
    return sys_getegid32();
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
static s32 groups_set(s32 count, const void user *source, bool wide)
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

s32 sys_setgroups32(s32 count, const u32 user *groups)
{
    return groups_set(count, groups, true);
}

s32 sys_setgroups(s32 count, const u16 user *groups)
{
    return groups_set(count, groups, false);
}
