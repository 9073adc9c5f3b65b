/*
 * The table of system calls (syscall/calls.h) seen from C: the prototype of
 * each function that carries one out, and the table that dispatches to them.
 */
#pragma once

#include "syscall/abi.h"
#include "x86/trap.h"

struct file;
struct identity;
struct io_cursor;
struct path;
struct place;
struct pollfd;

/*
 * What a row's arguments are: (type, name, letters for the tracer, registers
 * taken, how it is passed, what is done before the call, what after it, and
 * from there on what these three ask). Those three are macros of table.c.
 */
#define INT(name)        PASSED(s32, name, "d")
#define FD(name)         PASSED(s32, name, "d")
#define EXIT(name)       PASSED(s32, name, "e")
#define U32(name)        PASSED(u32, name, "u")
#define SIZE(name)       PASSED(size_t, name, "u")
#define FLAGS(name)      PASSED(u32, name, "x")
#define MODE(name)       PASSED(u32, name, "o")
#define USER(type, name) PASSED(type user *, name, "x")
#define PATH(name)       PASSED(const char user *, name, "s")
#define OFF64(name)      (u64, name, "l", 2, PASS_PAIR, NOTHING, NOTHING)
#define OFF32(name)      (u64, name, "d", 1, PASS_SIGNED, NOTHING, NOTHING)
#define FRAME            FIXED(struct trap_frame *, frame)

#define PASSED(type, name, letter)                                             \
    (type, name, letter, 1, PASS_WORD, NOTHING, NOTHING)

#define OWN(which)                                                             \
    FIXED(struct identity *, &current_process()->credentials.which)
#define FIXED(type, value) (type, , "", 0, PASS_VALUE, NOTHING, NOTHING, value)
#define NO_FLAGS           FIXED(u32, 0)
#define OWN_UID            OWN(uid)
#define OWN_GID            OWN(gid)
#define NARROW             FIXED(bool, false)
#define WIDE               FIXED(bool, true)

#define OPEN(name)                                                             \
    (struct file *, name, "d", 1, PASS_NAME, HOLD_FILE, NOTHING, 0)
#define ITS_FILE (struct file *, file, "", 0, PASS_NAME, HOLD_FILE, NOTHING, 1)

#define PLACE(name)    PLACE_AS(name, "s", 1, FROM_HERE)
#define PLACE_AT(name) PLACE_AS(name, "ds", 2, FROM_GIVEN)
#define PLACE_AS(name, letters, registers, from)                               \
    (struct place *, name, letters, registers, PASS_ADDRESS, HOLD_PLACE,       \
     NOTHING, from)

#define FOUND(name) FOUND_AS(name, "s", 1, FROM_HERE, 0, 0)
#define FOUND_LINK(name)                                                       \
    FOUND_AS(name, "s", 1, FROM_HERE, AT_SYMLINK_NOFOLLOW, AT_SYMLINK_NOFOLLOW)
#define FOUND_AT(name) FOUND_AS(name, "ds", 2, FROM_GIVEN, 0, 0)
#define FOUND_BY(name, word, known)                                            \
    FOUND_AS(name, "ds", 2, FROM_GIVEN, argument_word(frame, word), known)
#define FOUND_AS(name, letters, registers, from, flags, known)                 \
    (const struct path *, name, letters, registers, PASS_ADDRESS, HOLD_PATH,   \
     NOTHING, from, flags, known)
#define FOUND_OR_FD(name) FOUND_AS(name, "ds", 2, FROM_GIVEN, 0, AT_NULL_PATH)
#define FOUND_OR_FD_BY(name, word, known)                                      \
    FOUND_BY(name, word, (known) | AT_NULL_PATH)
#define FOUND_FD(name)                                                         \
    (const struct path *, name, "d", 1, PASS_ITS_PATH, HOLD_FILE, NOTHING, 0)

#define IN(type, name)                                                         \
    (const type *, name, "x", 1, PASS_ADDRESS, COPY_IN, NOTHING, type)
#define IN_OR_NULL(type, name)                                                 \
    (const type *, name, "x", 1, PASS_IF_GIVEN, COPY_IN_IF_GIVEN, NOTHING, type)
#define OUT(type, name)                                                        \
    (type *, name, "x", 1, PASS_ADDRESS, MAKE_ROOM, COPY_OUT, type)
#define IN_OUT(type, name)                                                     \
    (type *, name, "x", 1, PASS_ADDRESS, COPY_IN, COPY_OUT, type)
#define OUT_OR_NULL(type, name)                                                \
    (type *, name, "x", 1, PASS_IF_GIVEN, MAKE_ROOM, COPY_OUT_IF_GIVEN, type)

#define NOTHING(...)

/* What pread and pwrite, and all with vectors, differ in. */
typedef ssize (*file_mover)(struct file *file, struct io_cursor *cursor,
                            u64 *position);
#define READS  FIXED(file_mover, file_read)
#define WRITES FIXED(file_mover, file_write)

/* Applies m to each argument, as its first register and its parts; without
 * arguments once, to one of type void. */
#define EACH(m, ...)                                                           \
    EACH_PICK(_, ##__VA_ARGS__, EACH_7, EACH_6, EACH_5, EACH_4, EACH_3,        \
              EACH_2, EACH_1, EACH_0)                                          \
    (m, 0, ##__VA_ARGS__)
#define EACH_PICK(_, a, b, c, d, e, f, g, chosen, ...) chosen

#define EACH_0(m, n)         m(n, void, , "", 0, NOTHING, NOTHING, NOTHING)
#define EACH_1(m, n, a)      EACH_APPLY(m, n, EACH_PARTS a)
#define EACH_2(m, n, a, ...) EACH_1(m, n, a) EACH_1(m, n + WORDS a, __VA_ARGS__)
#define EACH_3(m, n, a, ...) EACH_1(m, n, a) EACH_2(m, n + WORDS a, __VA_ARGS__)
#define EACH_4(m, n, a, ...) EACH_1(m, n, a) EACH_3(m, n + WORDS a, __VA_ARGS__)
#define EACH_5(m, n, a, ...) EACH_1(m, n, a) EACH_4(m, n + WORDS a, __VA_ARGS__)
#define EACH_6(m, n, a, ...) EACH_1(m, n, a) EACH_5(m, n + WORDS a, __VA_ARGS__)
#define EACH_7(m, n, a, ...) EACH_1(m, n, a) EACH_6(m, n + WORDS a, __VA_ARGS__)
#define EACH_APPLY(m, ...)   m(__VA_ARGS__)
#define EACH_PARTS(...)      __VA_ARGS__

#define WORDS(type, name, letters, registers, ...) registers

/* A list whose elements each begin with a comma. */
#define LIST(...)                   LIST_(__VA_ARGS__)
#define LIST_(nothing, ...)         __VA_ARGS__
#define DECLARE(n, type, name, ...) , type name

#define SYSCALL(number, name, ...) SYSCALL_AS(number, name, name, ##__VA_ARGS__)

#define SYSCALL_AS(number, name, function, ...)                                \
    s32 sys_##function(LIST(EACH(DECLARE, ##__VA_ARGS__)));
#include "syscall/calls.h"
#undef SYSCALL_AS

struct syscall {
    s32 (*call)(struct trap_frame *frame); /* NULL: -ENOSYS */
    const char *name;
    const char *arguments; /* a letter a register or two, for the tracer */
};

#define SYSCALL_COUNT 512

extern const struct syscall syscalls[SYSCALL_COUNT];

/* Reads the boot options (strace=1). */
void syscalls_start(void);

/* trace.c: carries out one call and logs it:
 * `12 (sh): read(3, 0x804a000, 512) = 12`. */
s32 syscall_traced(struct trap_frame *frame, u32 number);
