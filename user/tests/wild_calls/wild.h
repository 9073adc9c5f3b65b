/*
 * What the parts of wild_calls share. A call's arguments come from its row of
 * the kernel's own table, kernel/syscall/calls.h: a new row is called wildly
 * without a word here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    PAGE = 4096,
    JOBS = 12,        /* shares that run at a time */
    SHARE = 200,      /* calls in one */
    ROUND = 120,      /* shares between two looks at the books */
    NUMBERS = 512,    /* that are counted */
    FIRST_USER = 1000 /* every second share is that of an ordinary user */
};

/* ---- rows.c -------------------------------------------------------------- */

/* An argument of a row: a letter for its kind ('d' a number, 'f' a descriptor,
 * 's' a size, 'p' a pointer, 'P' a path, 'l' two registers, 0 in none), its
 * type and its name. */
struct argument {
    char kind;
    const char *type;
    const char *name;
};

struct row {
    uint32_t number;
    const char *name;
    struct argument arguments[8];
};

extern const struct row rows[];
extern const int row_count;

/* The registers of one call, before it and after. */
struct call {
    uint32_t number;
    uint32_t words[6]; /* ebx ecx edx esi edi ebp */
    uint32_t eflags;
    uint32_t edi, esi, ebp, esp, ebx, edx, ecx, result;
};

/* Straight to the kernel: nothing in between looks at anything. */
void call_make(struct call *call);
/* A child that comes back on a stack of its own ends, and any child at all
 * while this is set: those that share our stack must not use it. */
extern volatile uint32_t call_child_ends;

/* A process that shares memory, descriptors and directory with this one runs
 * `function`, which does not return, on a stack of its own. */
uint32_t twin_start(void (*function)(void), void *stack_end);

/* The same for calls that the program needs itself: no errno, which wild
 * calls may have lost. */
uint32_t raw(uint32_t number, uint32_t a, uint32_t b, uint32_t c);
#define RAW(number, a, b, c)                                                   \
    raw((number), (uint32_t)(a), (uint32_t)(b), (uint32_t)(c))

/* Whether a result is one of -4095 to -1. */
static inline bool is_error(uint32_t result)
{
    return result >= 0xfffff001u;
}

/* ---- world.c: what a share of calls may find, and may spoil -------------- */

/* Pages: 0 to 3 writable, 4 a file's that may only be read, 5 not there, 6
 * writable, 7 not there. */
extern char *arena;
enum { ARENA_PAGES = 8, ARENA_FIXED = 4, ARENA_HOLE = 5, ARENA_LAST = 6 };

enum { DESCRIPTORS = 24, FAIL_NTH = 30 };

/* A place of its own, /tmp/wild-JOB, with something of everything in it. */
void world_enter(int job, int fixed_fd, bool as_root);
/* Away with it, and with all that was mounted in it. */
void world_leave(int job);

/* ---- values.c: the classes that arguments are drawn from ----------------- */

extern uint32_t own_pid, other_pid;

void wild_seed(uint64_t seed);
uint32_t wild(uint32_t below);
/* Draws a call: its number, its arguments, what those point to. The row, or
 * NULL where the table has none. */
const struct row *call_draw(struct call *call);

/* ---- share.c: one child's share of the calls ----------------------------- */

/* Everyone sees this; the keeper judges by it. */
struct ledger {
    volatile uint32_t made[JOBS]; /* calls by each job */
    volatile uint32_t succeeded[NUMBERS];
    volatile uint32_t broken; /* a rule was broken; the first one: */
    char rule[64];
    uint32_t share;
    struct call call;
};

extern struct ledger *ledger;

_Noreturn void share_run(uint64_t seed, uint32_t share, int job, int fixed_fd);
