/*
 * Waiting for many files: poll, ppoll, select, pselect6.
 *
 * All become one array of poll_items for fs/poll.c. ppoll and pselect6 also
 * swap the mask of signals for as long as they wait.
 */
#include "syscall/place.h"

#include "mem/heap.h"
#include "syscall/time.h"
#include "x86/clock.h"
#include "x86/user_copy.h"

#define ITEMS_ON_STACK 6u

/* Descriptors in an fd_set: larger counts are cut to it, or to the table. */
#define FD_SET_SIZE 1024u

/* select's three questions in terms of poll (as Linux has them). */
#define SELECT_READ  (POLLRDNORM | POLLRDBAND | POLLIN | POLLHUP | POLLERR)
#define SELECT_WRITE (POLLWRBAND | POLLWRNORM | POLLOUT | POLLERR)
#define SELECT_OTHER POLLPRI

/* ---- timeouts ------------------------------------------------------------ */

/* From now; far ones never come. */
static u64 deadline_after(u64 nanoseconds)
{
    u64 deadline;
    if (nanoseconds == 0)
        return POLL_NO_WAIT;
    if (__builtin_add_overflow(clock_nanoseconds(), nanoseconds, &deadline))
        return 0;
    return deadline;
}

/* select's microseconds may be more than a second's worth. */
static int timeval_in(const void user *source, u64 *nanoseconds)
{
    struct __kernel_old_timeval time;
    if (user_copy_in(&time, source, sizeof(time)) < 0)
        return -EFAULT;
    if (time.tv_sec < 0 || time.tv_usec < 0)
        return -EINVAL;
    *nanoseconds = (u32)time.tv_sec * NANOSECONDS_PER_SECOND +
                   (u64)time.tv_usec * NANOSECONDS_PER_MICROSECOND;
    return 0;
}

/* A call's timeout and mask of signals. */
struct waiting {
    void user *timeout;   /* NULL: for ever */
    bool timeval, wide;   /* its layout: else a timespec, narrow or wide */
    const u64 user *mask; /* NULL: as it is */
    size_t mask_size;
    u64 deadline;
};

static int timeout_in(struct waiting *waiting)
{
    u64 span;
    int error = waiting->timeval
                    ? timeval_in(waiting->timeout, &span)
                    : timespec_in(waiting->timeout, waiting->wide, &span);
    if (error == 0)
        waiting->deadline = deadline_after(span);
    return error;
}

/* Says what is left until the deadline, if the memory is there. */
static void timeout_out(const struct waiting *waiting)
{
    u64 now = clock_nanoseconds();
    u64 left = waiting->deadline > now ? waiting->deadline - now : 0;
    struct __kernel_old_timeval time = timeval_encode(left);
    if (waiting->timeval)
        user_copy_out(waiting->timeout, &time, sizeof(time));
    else
        timespec_out(waiting->timeout, waiting->wide, left);
}

static int waiting_begin(struct waiting *waiting)
{
    u64 mask;
    waiting->deadline = 0;
    int error = waiting->timeout != NULL ? timeout_in(waiting) : 0;
    if (error < 0)
        return error;
    if (waiting->mask == NULL)
        return 0;
    if (waiting->mask_size != sizeof(mask))
        return -EINVAL;
    if (user_copy_in(&mask, waiting->mask, sizeof(mask)) < 0)
        return -EFAULT;

    signal_mask_borrow(mask);
    return 0;
}

static void waiting_end(struct waiting *waiting, s32 result)
{
    if (waiting->mask != NULL)
        signal_mask_return(result);
    if (waiting->timeout != NULL && waiting->deadline > POLL_NO_WAIT)
        timeout_out(waiting);
}

static void items_put(struct poll_item *items, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (items[i].file != NULL)
            file_put(items[i].file);
}

/* ---- poll ---------------------------------------------------------------- */

/* Turns the user's array into items; how many descriptors are no good. */
static int poll_prepare(const struct pollfd *fds, struct poll_item *items,
                        u32 count)
{
    int bad = 0;
    for (u32 i = 0; i < count; i++) {
        items[i].file = fds[i].fd < 0 ? NULL : file_of(fds[i].fd);
        items[i].events = (u16)fds[i].events;
        items[i].result = 0;
        bad += fds[i].fd >= 0 && items[i].file == NULL;
    }
    return bad;
}

static s32 poll_items(struct pollfd *fds, struct poll_item *items, u32 count,
                      u64 deadline)
{
    int bad = poll_prepare(fds, items, count);
    s32 ready = poll_wait(items, count, bad != 0 ? POLL_NO_WAIT : deadline);
    for (u32 i = 0; i < count; i++) {
        bool missing = fds[i].fd >= 0 && items[i].file == NULL;
        fds[i].revents = missing ? POLLNVAL : (short)items[i].result;
    }
    items_put(items, count);
    return ready < 0 ? ready : ready + bad;
}

static s32 poll_user(struct pollfd user *user_fds, u32 count, u64 deadline)
{
    struct pollfd few[ITEMS_ON_STACK], *fds = few;
    struct poll_item few_items[ITEMS_ON_STACK], *items = few_items;
    if (count > fd_limit())
        return -EINVAL;
    if (count > ITEMS_ON_STACK) {
        items = heap_alloc(count * (sizeof(*items) + sizeof(*fds)));
        fds = (struct pollfd *)(items + count);
    }
    if (items == NULL)
        return -ENOMEM;
    s32 result = user_copy_in(fds, user_fds, count * sizeof(*fds));
    if (result == 0)
        result = poll_items(fds, items, count, deadline);
    if (result >= 0 && user_copy_out(user_fds, fds, count * sizeof(*fds)) < 0)
        result = -EFAULT;
    if (items != few_items)
        heap_free(items);
    return result;
}

static s32 poll_restartable(struct call_restart *restart)
{
    s32 result = poll_user(restart->memory, restart->value, restart->deadline);
    if (result != -EINTR)
        return result;
    restart->again = poll_restartable;
    return -ERESTART_RESTARTBLOCK;
}

s32 sys_poll(struct pollfd user *fds, u32 count, int milliseconds)
{
    struct call_restart *restart = &current_task()->restart;
    u64 span = (u64)milliseconds * NANOSECONDS_PER_MILLISECOND;
    restart->deadline = milliseconds >= 0 ? deadline_after(span) : 0;
    restart->memory = fds;
    restart->value = count;
    return poll_restartable(restart);
}

s32 sys_ppoll(struct pollfd user *fds, u32 count, void user *timeout,
              const u64 user *mask, size_t mask_size, bool wide)
{
    struct waiting waiting = {
        .timeout = timeout, .wide = wide, .mask = mask, .mask_size = mask_size};
    s32 result = waiting_begin(&waiting);
    if (result < 0)
        return result;
    result = poll_user(fds, count, waiting.deadline);
    waiting_end(&waiting, result);
    return result;
}

/* ---- select -------------------------------------------------------------- */

enum { READ, WRITE, OTHER, SETS };

static const u32 set_asks[SETS] = {POLLIN | POLLRDNORM, POLLOUT | POLLWRNORM,
                                   POLLPRI};
static const u32 set_answers[SETS] = {SELECT_READ, SELECT_WRITE, SELECT_OTHER};

/* A call of select: the user's sets and kernel copies of them. */
struct selection {
    u32 count; /* descriptors 0 .. count - 1 */
    u32 words; /* of a set */
    u32 user *places[SETS];
    u32 *sets[SETS];
    struct poll_item *items;
    u32 item_count;
};

static u32 selection_asks(const struct selection *selection, u32 fd)
{
    u32 asks = 0;
    for (u32 set = 0; set < SETS; set++)
        if (bitmap_test(selection->sets[set], fd))
            asks |= set_asks[set];
    return asks;
}

/* The sets, in one block. */
static int selection_read(struct selection *selection)
{
    u32 size = selection->words * sizeof(u32);
    u8 *block = heap_alloc_zeroed(SETS * size + 1);
    if (block == NULL)
        return -ENOMEM;
    int error = 0;
    for (u32 set = 0; set < SETS; set++) {
        selection->sets[set] = (u32 *)(block + set * size);
        if (selection->places[set] != NULL && error == 0)
            error = user_copy_in(selection->sets[set], selection->places[set],
                                 size);
    }
    if (error < 0)
        heap_free(block);
    return error;
}

/* An item for each descriptor that stands in a set. */
static int selection_prepare(struct selection *selection)
{
    for (u32 fd = 0; fd < selection->count; fd++) {
        u32 asks = selection_asks(selection, fd);
        if (asks == 0)
            continue;
        struct file *file = file_of(fd);
        if (file == NULL)
            return -EBADF;
        struct poll_item *item = &selection->items[selection->item_count++];
        item->file = file;
        item->events = asks;
    }
    return 0;
}

/* Leaves in each set those that are ready; how many in all. */
static s32 selection_answer(struct selection *selection)
{
    s32 ready = 0;
    struct poll_item *item = selection->items;
    for (u32 fd = 0; fd < selection->count; fd++) {
        if (selection_asks(selection, fd) == 0)
            continue;
        for (u32 set = 0; set < SETS; set++) {
            if (!bitmap_test(selection->sets[set], fd))
                continue;
            if (item->result & set_answers[set])
                ready++;
            else
                bitmap_clear(selection->sets[set], fd);
        }
        item++;
    }
    return ready;
}

static int selection_write(const struct selection *selection)
{
    for (u32 set = 0; set < SETS; set++)
        if (selection->places[set] != NULL &&
            user_copy_out(selection->places[set], selection->sets[set],
                          selection->words * sizeof(u32)) < 0)
            return -EFAULT;
    return 0;
}

static s32 selection_wait(struct selection *selection, u64 deadline)
{
    u32 count = 0;
    for (u32 fd = 0; fd < selection->count; fd++)
        count += selection_asks(selection, fd) != 0;
    selection->items = heap_alloc(count * sizeof(struct poll_item) + 1);
    if (selection->items == NULL)
        return -ENOMEM;
    s32 result = selection_prepare(selection);
    if (result == 0)
        result = poll_wait(selection->items, selection->item_count, deadline);
    items_put(selection->items, selection->item_count);
    if (result >= 0)
        result = selection_answer(selection);
    heap_free(selection->items);
    if (result >= 0 && selection_write(selection) < 0)
        result = -EFAULT;
    return result;
}

static s32 select_waiting(int count, u32 user *read, u32 user *write,
                          u32 user *other, struct waiting *waiting)
{
    if (count < 0)
        return -EINVAL;
    u32 used = min((u32)count, max(files_current()->capacity, FD_SET_SIZE));
    struct selection selection = {
        .count = used,
        .words = BITMAP_WORDS(used),
        .places = {read, write, other},
    };
    s32 result = selection_read(&selection);
    if (result < 0)
        return result;
    result = waiting_begin(waiting);
    if (result == 0) {
        result = selection_wait(&selection, waiting->deadline);
        waiting_end(waiting, result);
    }
    heap_free(selection.sets[0]);
    return result;
}

s32 sys__newselect(int count, u32 user *read, u32 user *write, u32 user *other,
                   struct __kernel_old_timeval user *timeout)
{
    struct waiting waiting = {.timeout = timeout, .timeval = true};
    return select_waiting(count, read, write, other, &waiting);
}

/* The sixth argument points to a mask's address and its size. */
s32 sys_pselect6(int count, u32 user *read, u32 user *write, u32 user *other,
                 void user *timeout, const u32 user *mask, bool wide)
{
    struct waiting waiting = {.timeout = timeout, .wide = wide};
    u32 words[2] = {0, 0};
    if (mask != NULL && user_copy_in(words, mask, sizeof(words)) < 0)
        return -EFAULT;
    waiting.mask = (const u64 user *)(uintptr_t)words[0];
    waiting.mask_size = words[1];
    return select_waiting(count, read, write, other, &waiting);
}
