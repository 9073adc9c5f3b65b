/*
 * Robust futexes: a thread that ends while it holds locks marks them, so that
 * the next to take one learns that its owner died. Which they are stands in a
 * list in user memory, which the thread keeps up to date as it locks.
 *
 *   head:  first entry | distance from an entry to its word | entry under way
 *
 * The last names a lock that is being taken or given back just now, and may
 * not be in the list. Bit 0 of a pointer says that its word is a PI futex.
 * None of it can be trusted to be there, or to end.
 */
#include "proc/futex_internal.h"

#include "proc/task.h"
#include "x86/user_copy.h"
#include <linux/futex.h>

#define ENTRIES_MAX 2048u
#define ENTRY_PI    1u

_Static_assert(sizeof(struct robust_list_head) == ROBUST_HEAD_SIZE, "the ABI");

static u32 user *user_word(u32 address)
{
    return (u32 user *)(uintptr_t)address;
}

/* The owner of the word, if that is the current task, has ended. False when
 * the word cannot be reached. */
static bool word_die(u32 address, bool pi, bool under_way)
{
    u32 user *word = user_word(address);
    u32 seen;

    if (address % sizeof(u32) != 0 || user_load(&seen, word) < 0)
        return false;
    if (under_way && !pi && seen == 0) /* given back, but nobody was told */
        (void)futex_wake(word, true, 1, FUTEX_ANY);
    while ((seen & FUTEX_TID_MASK) == current_task()->tid) {
        u32 before = seen;
        u32 died = (seen & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
        if (user_compare_exchange_nofault(word, before, died, &seen) < 0) {
            if (futex_word_fetch(word) < 0 || user_load(&seen, word) < 0)
                return false;
        } else if (seen == before) {
            if (!pi && (seen & FUTEX_WAITERS))
                (void)futex_wake(word, true, 1, FUTEX_ANY);
            break;
        }
    }
    return true;
}

void futex_robust_end(struct task *task)
{
    u32 head = task->robust_list, entry, distance, under_way;

    task->robust_list = 0;
    if (likely(head == 0))
        return;
    if (user_load(&entry, user_word(head)) < 0 ||
        user_load(&distance, user_word(head + 4)) < 0 ||
        user_load(&under_way, user_word(head + 8)) < 0)
        return;
    for (u32 i = 0; (entry & ~ENTRY_PI) != head && i < ENTRIES_MAX; i++) {
        u32 next, here = entry & ~ENTRY_PI;
        /* Before the word is given to others, who may reuse the entry. */
        bool more = user_load(&next, user_word(here)) == 0;
        if (here != (under_way & ~ENTRY_PI) &&
            !word_die(here + distance, entry & ENTRY_PI, false))
            return;
        if (!more)
            break;
        entry = next;
    }
    if (under_way & ~ENTRY_PI)
        (void)word_die((under_way & ~ENTRY_PI) + distance, under_way & ENTRY_PI,
                       true);
}
