/*
 * What the locks of each rank have cost so far, from /proc/lock_stat.
 */
#pragma once

enum { RANKS_MAX = 64 };

struct rank {
    char name[24];
    unsigned long long taken, transfers;
};

/* Whether this kernel counts. */
int ranks_counted(void);

/* How many; `ranks` has room for RANKS_MAX. */
int ranks_read(struct rank *ranks);

/* Makes `after` the difference, most transfers first. A rank that is not in
 * `before` has come meanwhile. */
void ranks_subtract(struct rank *after, int count, const struct rank *before,
                    int before_count);
