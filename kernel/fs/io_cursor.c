/*
 * Copying between kernel memory and where a cursor stands, piece by piece.
 * Nearly every call has one piece of user memory: fs/file.h does that inline.
 *
 * After -EFAULT the cursor stands where it was; bytes before the bad page may
 * have been copied, as with any user copy.
 */
#include "fs/file.h"

#include "lib/string.h"

typedef int (*io_mover)(const struct io_cursor *cursor, uintptr_t memory,
                        u32 size);

static inline int move_out(const struct io_cursor *cursor, uintptr_t memory,
                           u32 size)
{
    if (unlikely(cursor->kernel)) {
        memcpy(cursor->place, (const void *)memory, size);
        return 0;
    }
    return user_copy_out((void user *)cursor->place, (const void *)memory,
                         size);
}

static inline int move_in(const struct io_cursor *cursor, uintptr_t memory,
                          u32 size)
{
    if (unlikely(cursor->kernel)) {
        memcpy((void *)memory, cursor->place, size);
        return 0;
    }
    return user_copy_in((void *)memory, (const void user *)cursor->place, size);
}

static inline int move_zeroes(const struct io_cursor *cursor, uintptr_t memory,
                              u32 size)
{
    if (unlikely(cursor->kernel)) {
        memset(cursor->place, 0, size);
        return 0;
    }
    return user_clear((void user *)cursor->place, size);
}

/* It stands at the end of a piece: on to the next. */
static inline void piece_enter(struct io_cursor *cursor)
{
    cursor->place = cursor->next->base;
    cursor->here = cursor->next->size;
    cursor->next++;
}

u32 io_page_rest(struct io_cursor *cursor)
{
    while (cursor->here == 0)
        piece_enter(cursor);
    return min(cursor->here,
               PAGE_SIZE - (u32)(uintptr_t)cursor->place % PAGE_SIZE);
}

static inline int move_all(struct io_cursor *cursor, uintptr_t memory, u32 size,
                           io_mover move)
{
    struct io_cursor start = *cursor;
    while (size != 0) {
        if (cursor->here == 0) {
            piece_enter(cursor);
            continue;
        }
        u32 part = min(size, cursor->here);
        int error = move(cursor, memory, part);
        if (error < 0) {
            *cursor = start;
            return error;
        }
        io_advance(cursor, part);
        memory += part;
        size -= part;
    }
    return 0;
}

int io_copy_out_slowly(struct io_cursor *cursor, const void *source, u32 size)
{
    return move_all(cursor, (uintptr_t)source, size, move_out);
}

int io_copy_in_slowly(struct io_cursor *cursor, void *destination, u32 size)
{
    return move_all(cursor, (uintptr_t)destination, size, move_in);
}

int io_clear_out(struct io_cursor *cursor, u32 size)
{
    return move_all(cursor, 0, size, move_zeroes);
}
