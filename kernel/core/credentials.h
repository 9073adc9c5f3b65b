/*
 * Who asks: user and group numbers, looked at by fs and proc. Spindle runs
 * everything as root unless a program changes its numbers.
 */
#pragma once

#include "lib/types.h"

#define GROUPS_MAX 32

/* Who one is, whom one acts as, and whom one may act as again. */
struct identity {
    u32 real, effective, saved;
};

struct credentials {
    struct identity uid, gid;
    u32 group_count;
    u32 groups[GROUPS_MAX];
};

/* Those of the current process; root's for kernel threads. Defined by proc/:
 * an upcall, since core cannot know processes. */
const struct credentials *credentials_current(void);

static inline bool acts_as_root(void)
{
    return credentials_current()->uid.effective == 0;
}

/* Is it one of the supplementary groups? */
static inline bool credentials_list_group(const struct credentials *who,
                                          u32 group)
{
    for (u32 i = 0; i < who->group_count; i++)
        if (who->groups[i] == group)
            return true;
    return false;
}
