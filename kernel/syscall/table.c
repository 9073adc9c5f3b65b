/*
 * The dispatch table, made from the rows of syscall/calls.h: for each call a
 * function that takes the typed arguments out of the trap frame's registers,
 * or gets what they stand for, and gives that back when the call is over.
 *
 * Where an argument lies is known when this is compiled: its register is the
 * number of registers that the arguments before it take.
 */
#include "syscall/table.h"

#include "syscall/place.h"
#include "x86/user_copy.h"

/* The n-th argument register of int 0x80: ebx, ecx, edx, esi, edi, ebp. */
static inline u32 argument_word(const struct trap_frame *frame, u32 n)
{
    return n == 0   ? frame->ebx
           : n == 1 ? frame->ecx
           : n == 2 ? frame->edx
           : n == 3 ? frame->esi
           : n == 4 ? frame->edi
                    : frame->ebp;
}

static inline u64 argument_pair(const struct trap_frame *frame, u32 n)
{
    return argument_word(frame, n) | (u64)argument_word(frame, n + 1) << 32;
}

/* ---- what is done before the call ---------------------------------------- */

static inline void file_let_go(struct file **file)
{
    if (*file != NULL)
        file_put(*file);
}

#define HELD_BY(release) __attribute__((cleanup(release)))

/* The descriptor's register is this one, or `back` before it. */
#define HOLD_FILE(n, type, name, back)                                         \
    struct file *name HELD_BY(file_let_go) =                                   \
        file_of((s32)argument_word(frame, n - back));                          \
    if (name == NULL)                                                          \
        return -EBADF;

/* Directory and path, of one register or of two. */
#define FROM_HERE(n) AT_FDCWD, (const char user *)argument_word(frame, n)
#define FROM_GIVEN(n)                                                          \
    (s32) argument_word(frame, n),                                             \
        (const char user *)argument_word(frame, n + 1)

#define HOLD_PLACE(n, type, name, from)                                        \
    struct place name HELD_BY(place_free);                                     \
    answer = place_read(&name, from(n));                                       \
    if (answer < 0)                                                            \
        return answer;

#define HOLD_PATH(n, type, name, from, flags, known)                           \
    struct path name HELD_BY(path_put) = {NULL, NULL};                         \
    answer = path_find_user(from(n), flags, known, &name);                     \
    if (answer < 0)                                                            \
        return answer;

#define COPY_IN(n, type, name, base)                                           \
    base name;                                                                 \
    if (user_copy_in(&name, (const void user *)argument_word(frame, n),        \
                     sizeof(name)) < 0)                                        \
        return -EFAULT;

#define COPY_IN_IF_GIVEN(n, type, name, base)                                  \
    base name;                                                                 \
    if (argument_word(frame, n) != 0 &&                                        \
        user_copy_in(&name, (const void user *)argument_word(frame, n),        \
                     sizeof(name)) < 0)                                        \
        return -EFAULT;

#define MAKE_ROOM(n, type, name, base) base name;

/* ---- how it is passed ---------------------------------------------------- */

#define PASS_WORD(n, type, name)          (type) argument_word(frame, n)
#define PASS_SIGNED(n, type, name)        (type)(s32) argument_word(frame, n)
#define PASS_PAIR(n, type, name)          argument_pair(frame, n)
#define PASS_VALUE(n, type, name, value)  value
#define PASS_NAME(n, type, name, ...)     name
#define PASS_ADDRESS(n, type, name, ...)  &name
#define PASS_ITS_PATH(n, type, name, ...) &name->path
#define PASS_IF_GIVEN(n, type, name, ...)                                      \
    (argument_word(frame, n) ? &name : NULL)

/* ---- what is done after it ----------------------------------------------- */

static s32 copy_out(s32 answer, u32 target, const void *value, size_t size)
{
    if (answer >= 0 && user_copy_out((void user *)target, value, size) < 0)
        return -EFAULT;
    return answer;
}

#define COPY_OUT(n, type, name, base)                                          \
    answer = copy_out(answer, argument_word(frame, n), &name, sizeof(name));

#define COPY_OUT_IF_GIVEN(n, type, name, base)                                 \
    if (argument_word(frame, n) != 0)                                          \
    COPY_OUT(n, type, name, base)

/* ---- the table ----------------------------------------------------------- */

#define BEFORE(n, type, name, letters, words, pass, before, after, ...)        \
    before(n, type, name, ##__VA_ARGS__)
#define PASS(n, type, name, letters, words, pass, before, after, ...)          \
    , pass(n, type, name, ##__VA_ARGS__)
#define AFTER(n, type, name, letters, words, pass, before, after, ...)         \
    after(n, type, name, ##__VA_ARGS__)
#define LETTERS(n, type, name, letters, ...) letters

/* A name that is not Linux's name of this number does not compile. */
#define SYSCALL_AS(number, name, function, ...)                                \
    _Static_assert(__NR_##name == (number), #name);                            \
    static s32 call_##name(struct trap_frame *frame)                           \
    {                                                                          \
        s32 answer;                                                            \
        EACH(BEFORE, ##__VA_ARGS__)                                            \
        answer = sys_##function(LIST(EACH(PASS, ##__VA_ARGS__)));              \
        EACH(AFTER, ##__VA_ARGS__)                                             \
        return answer;                                                         \
    }
#include "syscall/calls.h"
#undef SYSCALL_AS

#define SYSCALL_AS(number, name, function, ...)                                \
    [number] = {call_##name, #name, "" EACH(LETTERS, ##__VA_ARGS__)},
const struct syscall syscalls[SYSCALL_COUNT] = {
#include "syscall/calls.h"
};
#undef SYSCALL_AS
