/*
 * The dispatch table, made from the rows of syscall/calls.h: for each call a
 * function that takes the typed arguments out of the trap frame's registers.
 *
 * Where an argument lies is known when this is compiled: its register is the
 * number of registers that the arguments before it take.
 */
#include "syscall/table.h"

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

#define ARGUMENT_WORD(n, type)         (type) argument_word(frame, n)
#define ARGUMENT_SIGNED(n, type)       (type)(s32) argument_word(frame, n)
#define ARGUMENT_PAIR(n, type)         argument_pair(frame, n)
#define ARGUMENT_FRAME(n, type)        frame
#define ARGUMENT_FIXED(n, type, value) value

#define REGISTERS(argument) REGISTERS_ argument

#define REGISTERS_(type, name, letter, registers, ...) registers

#define LETTER(argument) LETTER_ argument

#define LETTER_(type, name, letter, ...) letter

#define TAKE(argument, n) TAKE_AT(n, TAKE_UNPACK argument)

#define TAKE_UNPACK(type, name, letter, registers, take, ...)                  \
    take, type, ##__VA_ARGS__

#define TAKE_AT(n, ...)        TAKE_AT_(n, __VA_ARGS__)
#define TAKE_AT_(n, take, ...) take(n, __VA_ARGS__)

/* The arguments of the call itself; n counts the registers used so far. */
#define TAKE_LIST(...)                                                         \
    ARGUMENT_PICK(_, ##__VA_ARGS__, TAKE_7, TAKE_6, TAKE_5, TAKE_4, TAKE_3,    \
                  TAKE_2, TAKE_1, TAKE_0)                                      \
    (0, ##__VA_ARGS__)
#define TAKE_0(n)
#define TAKE_1(n, a)      TAKE(a, n)
#define TAKE_2(n, a, ...) TAKE(a, n), TAKE_1(n + REGISTERS(a), __VA_ARGS__)
#define TAKE_3(n, a, ...) TAKE(a, n), TAKE_2(n + REGISTERS(a), __VA_ARGS__)
#define TAKE_4(n, a, ...) TAKE(a, n), TAKE_3(n + REGISTERS(a), __VA_ARGS__)
#define TAKE_5(n, a, ...) TAKE(a, n), TAKE_4(n + REGISTERS(a), __VA_ARGS__)
#define TAKE_6(n, a, ...) TAKE(a, n), TAKE_5(n + REGISTERS(a), __VA_ARGS__)
#define TAKE_7(n, a, ...) TAKE(a, n), TAKE_6(n + REGISTERS(a), __VA_ARGS__)

/* The letters of the arguments, as the elements of a string. */
#define LETTER_LIST(...)                                                       \
    ARGUMENT_PICK(_, ##__VA_ARGS__, LETTER_7, LETTER_6, LETTER_5, LETTER_4,    \
                  LETTER_3, LETTER_2, LETTER_1, LETTER_0)                      \
    (__VA_ARGS__)
#define LETTER_0()
#define LETTER_1(a)      LETTER(a),
#define LETTER_2(a, ...) LETTER(a), LETTER_1(__VA_ARGS__)
#define LETTER_3(a, ...) LETTER(a), LETTER_2(__VA_ARGS__)
#define LETTER_4(a, ...) LETTER(a), LETTER_3(__VA_ARGS__)
#define LETTER_5(a, ...) LETTER(a), LETTER_4(__VA_ARGS__)
#define LETTER_6(a, ...) LETTER(a), LETTER_5(__VA_ARGS__)
#define LETTER_7(a, ...) LETTER(a), LETTER_6(__VA_ARGS__)

/* A name that is not Linux's name of this number does not compile. */
#define SYSCALL_AS(number, name, function, ...)                                \
    _Static_assert(__NR_##name == (number), #name);                            \
    static s32 call_##name(struct trap_frame *frame)                           \
    {                                                                          \
        (void)frame;                                                           \
        return sys_##function(TAKE_LIST(__VA_ARGS__));                         \
    }
#include "syscall/calls.h"
#undef SYSCALL_AS

#define SYSCALL_AS(number, name, function, ...)                                \
    [number] = {call_##name, #name,                                            \
                (const char[]){LETTER_LIST(__VA_ARGS__) '\0'}},
const struct syscall syscalls[SYSCALL_COUNT] = {
#include "syscall/calls.h"
};
#undef SYSCALL_AS
