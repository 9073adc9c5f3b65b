/*
 * Who may do what to an inode: the rules of POSIX's file access permissions.
 *
 * User 0 may do everything, except execute a file that nobody may execute.
 * Others are judged by one of the three sets of bits only: the owner's if
 * they own it, else the group's if they are in it, else the rest's.
 */
#include "fs/path.h"

#include "core/credentials.h"
#include <asm/errno.h>
#include <linux/stat.h>

#define ANY_EXECUTE (S_IXUSR | S_IXGRP | S_IXOTH)

static int permission_for(const struct inode *inode, u32 want,
                          const struct credentials *who, u32 uid, u32 gid)
{
    u32 mode = inode->mode;
    if (uid == 0) {
        bool refused = (want & 1) && !S_ISDIR(mode) && !(mode & ANY_EXECUTE);
        return refused ? -EACCES : 0;
    }
    if (uid == inode->uid)
        mode >>= 6;
    else if (inode->gid == gid || credentials_list_group(who, inode->gid))
        mode >>= 3;
    return (mode & want) == want ? 0 : -EACCES;
}

int inode_permission_effective(const struct inode *inode, u32 want)
{
    const struct credentials *who = credentials_current();
    return permission_for(inode, want, who, who->uid.effective,
                          who->gid.effective);
}

int inode_permission_real(const struct inode *inode, u32 want)
{
    const struct credentials *who = credentials_current();
    return permission_for(inode, want, who, who->uid.real, who->gid.real);
}

int inode_owned(const struct inode *inode)
{
    u32 uid = credentials_current()->uid.effective;
    return uid == 0 || uid == inode->uid ? 0 : -EPERM;
}
