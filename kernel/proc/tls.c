/*
 * Thread-local storage: the three GDT entries that a task may set to segments
 * of its own, as set_thread_area and clone's CLONE_SETTLS ask for them.
 * Only data segments of privilege 3 can be made.
 */
#include "proc/process.h"

#include <asm/errno.h>
#include <asm/ldt.h>

static bool is_empty(const struct segment_descriptor *entry)
{
    return entry->low == 0 && entry->high == 0;
}

/* How Linux is asked to clear an entry: all zero, or "empty" by its bits. */
static bool asks_to_clear(const struct user_desc *request)
{
    return request->base_addr == 0 && request->limit == 0 &&
           request->contents == 0 && !request->seg_32bit &&
           !request->limit_in_pages && !request->useable &&
           request->read_exec_only == request->seg_not_present;
}

static int request_check(const struct user_desc *request)
{
    if (asks_to_clear(request))
        return 0;
    bool data = request->contents <= MODIFY_LDT_CONTENTS_STACK;
    return data && request->seg_32bit && !request->seg_not_present ? 0
                                                                   : -EINVAL;
}

static int entry_choose(const struct thread_segments *segments, u32 number)
{
    if (number != (u32)-1)
        return number - TLS_ENTRY_FIRST < TLS_ENTRY_COUNT
                   ? (int)(number - TLS_ENTRY_FIRST)
                   : -EINVAL;
    for (int i = 0; i < TLS_ENTRY_COUNT; i++)
        if (is_empty(&segments->tls[i]))
            return i;
    return -ESRCH;
}

int tls_entry_set(struct thread_segments *segments, struct user_desc *request)
{
    int result = request_check(request);

    if (result < 0)
        return result;
    int entry = entry_choose(segments, request->entry_number);
    if (entry < 0)
        return entry;
    request->entry_number = (u32)entry + TLS_ENTRY_FIRST;
    segments->tls[entry] = segment_user_data(
        request->base_addr, request->limit, request->limit_in_pages,
        !request->read_exec_only,
        request->contents == MODIFY_LDT_CONTENTS_STACK, request->seg_32bit,
        request->useable, !asks_to_clear(request));
    return 0;
}

int tls_entry_get(const struct thread_segments *segments,
                  struct user_desc *request)
{
    u32 entry = request->entry_number - TLS_ENTRY_FIRST;

    if (entry >= TLS_ENTRY_COUNT)
        return -EINVAL;
    u32 low = segments->tls[entry].low;
    u32 high = segments->tls[entry].high;
    bool clear = is_empty(&segments->tls[entry]);
    *request = (struct user_desc){
        .entry_number = entry + TLS_ENTRY_FIRST,
        .base_addr = low >> 16 | (high & 0xff) << 16 | (high & 0xff000000u),
        .limit = (low & 0xffff) | (high & 0xf0000),
        .seg_32bit = high >> 22 & 1,
        .contents = high >> 10 & 3,
        .read_exec_only = clear || !(high >> 9 & 1),
        .limit_in_pages = high >> 23 & 1,
        .seg_not_present = clear,
        .useable = high >> 20 & 1,
    };
    return 0;
}
