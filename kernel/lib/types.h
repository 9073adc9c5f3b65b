/*
 * The words for numbers and places.
 *
 * Sizes are bytes unless a name says pages, frames or nanoseconds. A physical
 * address is a number, never a pointer; a user address is a pointer marked
 * `user`, which only the user-copy routines may follow (clang checks it).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef u32 physical_address;
typedef s32 ssize;

/* Marks a pointer that came from user space. */
#ifdef __clang__
#define user __attribute__((noderef))
#else
#define user
#endif

/* On a function that returns new memory: which function takes it back. */
#ifdef __clang__
#define freed_by(function) __attribute__((malloc))
#else
#define freed_by(function) __attribute__((malloc(function, 1)))
#endif

#define container_of(pointer, type, member)                                    \
    ((type *)((char *)(pointer)-offsetof(type, member)))
#define array_count(array) (sizeof(array) / sizeof((array)[0]))
/* Constant for constants; so an argument may be evaluated twice: give them no
 * call and no side effect. */
#define min(a, b)               ((a) < (b) ? (a) : (b))
#define max(a, b)               ((a) > (b) ? (a) : (b))
#define round_up(value, step)   (((value) + (step)-1) / (step) * (step))
#define round_down(value, step) ((value) / (step) * (step))

#define likely(condition)   __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)
#define slow_path           __attribute__((noinline, cold))
#define fast_path           inline __attribute__((always_inline))
#define noreturn            __attribute__((noreturn))
#define printf_like(pattern, first)                                            \
    __attribute__((format(printf, pattern, first)))

/* On functions written in assembly or called from there, whatever the rule of
 * all others: arguments come in eax, edx and ecx, a fourth one on the stack. */
#ifdef __i386__
#define by_registers __attribute__((regparm(3)))
#else
#define by_registers
#endif

#define KIB 1024u
#define MIB (1024u * KIB)

#define NANOSECONDS_PER_SECOND      1000000000ull
#define NANOSECONDS_PER_MILLISECOND 1000000u
#define NANOSECONDS_PER_MICROSECOND 1000u
