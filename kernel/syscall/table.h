/*
 * The table of system calls (syscall/calls.h) seen from C: the prototype of
 * each function that carries one out, and the table that dispatches to them.
 */
#pragma once

#include "syscall/abi.h"
#include "x86/trap.h"

struct pollfd;

/*
 * What a row's arguments are: (type, name, letter for the tracer, registers
 * taken, how to take it from the trap frame, and from there on what that asks).
 */
#define INT(name)        (s32, name, 'd', 1, ARGUMENT_WORD)
#define FD(name)         (s32, name, 'd', 1, ARGUMENT_WORD)
#define EXIT(name)       (s32, name, 'e', 1, ARGUMENT_WORD)
#define U32(name)        (u32, name, 'u', 1, ARGUMENT_WORD)
#define SIZE(name)       (size_t, name, 'u', 1, ARGUMENT_WORD)
#define FLAGS(name)      (u32, name, 'x', 1, ARGUMENT_WORD)
#define MODE(name)       (u32, name, 'o', 1, ARGUMENT_WORD)
#define USER(type, name) (type user *, name, 'x', 1, ARGUMENT_WORD)
#define PATH(name)       (const char user *, name, 's', 1, ARGUMENT_WORD)
#define OFF64(name)      (u64, name, 'l', 2, ARGUMENT_PAIR)
#define OFF32(name)      (u64, name, 'd', 1, ARGUMENT_SIGNED)
#define FRAME            (struct trap_frame *, frame, 'f', 0, ARGUMENT_FRAME)

#define FIXED(type, value) (type, , 'f', 0, ARGUMENT_FIXED, value)
#define HERE               FIXED(s32, AT_FDCWD)
#define NO_FLAGS           FIXED(u32, 0)
#define NARROW             FIXED(bool, false)
#define WIDE               FIXED(bool, true)

#define ARGUMENT_DECLARE(argument) ARGUMENT_DECLARE_ argument

#define ARGUMENT_DECLARE_(type, name, ...) type name

/* Applies MACRO to each argument, with commas between: none gives void. */
#define ARGUMENT_LIST(...)                                                     \
    ARGUMENT_PICK(_, ##__VA_ARGS__, ARGUMENT_7, ARGUMENT_6, ARGUMENT_5,        \
                  ARGUMENT_4, ARGUMENT_3, ARGUMENT_2, ARGUMENT_1, ARGUMENT_0)  \
    (__VA_ARGS__)
#define ARGUMENT_PICK(_, a, b, c, d, e, f, g, chosen, ...) chosen

#define ARGUMENT_0()       void
#define ARGUMENT_1(a)      ARGUMENT_DECLARE(a)
#define ARGUMENT_2(a, ...) ARGUMENT_DECLARE(a), ARGUMENT_1(__VA_ARGS__)
#define ARGUMENT_3(a, ...) ARGUMENT_DECLARE(a), ARGUMENT_2(__VA_ARGS__)
#define ARGUMENT_4(a, ...) ARGUMENT_DECLARE(a), ARGUMENT_3(__VA_ARGS__)
#define ARGUMENT_5(a, ...) ARGUMENT_DECLARE(a), ARGUMENT_4(__VA_ARGS__)
#define ARGUMENT_6(a, ...) ARGUMENT_DECLARE(a), ARGUMENT_5(__VA_ARGS__)
#define ARGUMENT_7(a, ...) ARGUMENT_DECLARE(a), ARGUMENT_6(__VA_ARGS__)

#define SYSCALL(number, name, ...) SYSCALL_AS(number, name, name, ##__VA_ARGS__)

#define SYSCALL_AS(number, name, function, ...)                                \
    s32 sys_##function(ARGUMENT_LIST(__VA_ARGS__));
#include "syscall/calls.h"
#undef SYSCALL_AS

struct syscall {
    s32 (*call)(struct trap_frame *frame); /* NULL: -ENOSYS */
    const char *name;
    const char *arguments; /* one letter each, for the tracer */
};

#define SYSCALL_COUNT 512

extern const struct syscall syscalls[SYSCALL_COUNT];

/* Calls of numbers that the table lacks, since boot. */
extern u32 syscall_unknown_count;

/* Reads the boot options (strace=1). */
void syscalls_start(void);

/* trace.c: carries out one call and logs it:
 * `12 (sh): read(3, 0x804a000, 512) = 12`. */
s32 syscall_traced(struct trap_frame *frame, u32 number);
