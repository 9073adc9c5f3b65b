/*
 * The classes that arguments are drawn from: what suits an argument, by its
 * name, type and kind, and what suits none. Most calls get one wild argument
 * among good ones, so that they get far before they meet it.
 */
#include "wild.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

uint32_t own_pid, other_pid;

static uint64_t state;

void wild_seed(uint64_t seed)
{
    state = seed;
    for (int i = 0; i < 4; i++)
        wild(1);
}

uint32_t wild(uint32_t below)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)((state >> 32) * below >> 32);
}

static uint32_t wild_word(void)
{
    return wild(1 << 16) << 16 | wild(1 << 16);
}

static uint32_t address_of(const void *memory)
{
    return (uint32_t)(uintptr_t)memory;
}

/* ---- what suits none ----------------------------------------------------- */

static uint32_t edge(void)
{
    static const int16_t around[] = {-8, -4, -3, -1, 0, 1, 4};
    uint32_t page = wild(ARENA_PAGES + 1);

    return address_of(arena) + page * PAGE + around[wild(COUNT(around))];
}

static uint32_t wild_value(void)
{
    static const uint32_t numbers[] = {
        0,          1,          2,          3,          0xff,       0x100,
        0xfff,      0x1000,     0x1001,     0xffff,     0x10000,    0x100000,
        0x40000000, 0x7fffffff, 0x80000000, 0x80000001, 0xc0000000, 0xbfffffff,
        0xbffffffc, 0xbffff000, 0xc0000001, 0xc0100000, 0xf8002000, 0xff800000,
        0xfffff000, 0xfffff001, 0xfffffffe, 0xffffffff, 0xdeadbeef, 0x08048000};

    switch (wild(4)) {
    case 0:
        return edge();
    case 1:
        return wild(4) ? -wild(200) : wild_word();
    case 2:
        return wild(40);
    default:
        return numbers[wild(COUNT(numbers))];
    }
}

/* ---- memory that suits --------------------------------------------------- */

enum { SLOT = 256, SLOTS = 2 * PAGE / SLOT };

static const char *const paths[] = {"file",
                                    "dir",
                                    "dir/file",
                                    "link",
                                    "fifo",
                                    "null",
                                    "/",
                                    ".",
                                    "..",
                                    "dir/new",
                                    "new",
                                    "newer",
                                    "dir/mount",
                                    "dir/.././file",
                                    "loop",
                                    "console",
                                    "tty",
                                    "",
                                    "file/",
                                    "script",
                                    "/proc/self/fd/0",
                                    "/proc/self/fd/14",
                                    "/proc/self/status",
                                    "/proc/self/cwd",
                                    "/proc/mounts",
                                    "/proc/1/stat"};

/* A slot of two pages; or one whose last byte is the last of the arena. */
static char *slot_draw(void)
{
    if (wild(16) == 0)
        return arena + (ARENA_LAST + 1) * PAGE - SLOT;
    return arena + wild(SLOTS) * SLOT;
}

static uint32_t text_put(const char *text)
{
    char *slot = slot_draw();
    size_t size = strlen(text) + 1;

    if (wild(8) == 0)
        slot = arena + (ARENA_LAST + 1) * PAGE - size;
    memcpy(slot, text, size);
    return address_of(slot);
}

static uint32_t path_draw(const struct row *row, const char *name)
{
    static const char *const types[] = {"tmpfs", "proc", "none"};
    static const char *const fresh[] = {"new", "newer", "dir/new"};

    if (strcmp(name, "type") == 0 || strcmp(name, "source") == 0)
        return text_put(types[wild(COUNT(types))]);
    /* Our own program, which must not be spoilt, is for this call alone. */
    if (row->number == SYS_execve && wild(2))
        return text_put("/proc/self/exe");
    if ((strcmp(name, "new_path") == 0 || strncmp(row->name, "mk", 2) == 0) &&
        wild(2))
        return text_put(fresh[wild(COUNT(fresh))]);
    return text_put(paths[wild(COUNT(paths))]);
}

static void nothing_happens(int number)
{
    (void)number;
}

/* Mostly nothing and small numbers: times, masks, limits, sets of signals. */
static void words_fill(uint32_t *words)
{
    for (int i = 0; i < SLOT / 4; i++)
        words[i] = wild(2) ? 0 : wild(2) ? wild(1000) : wild_value();
}

static void vectors_fill(uint32_t *words)
{
    for (int i = 0; i < SLOT / 4; i += 2) {
        words[i] = wild(8) ? address_of(slot_draw()) : wild_value();
        words[i + 1] = wild(8) ? wild(SLOT) : wild_value();
    }
}

static void polled_fill(uint32_t *words)
{
    for (int i = 0; i < SLOT / 4; i += 2) {
        words[i] = wild(DESCRIPTORS);
        words[i + 1] = wild(64);
    }
}

static void strings_fill(uint32_t *words)
{
    int count = wild(6);

    for (int i = 0; i < count; i++)
        words[i] = wild(8) ? text_put(paths[wild(COUNT(paths))]) : wild_value();
    words[count] = 0;
}

static void stack_fill(uint32_t *words)
{
    words[0] = address_of(arena) + 2 * PAGE;
    words[1] = wild(3);
    words[2] = 2 * PAGE;
}

static void action_fill(uint32_t *words)
{
    words_fill(words);
    words[0] = wild(4) ? address_of(nothing_happens) : wild(3);
}

static void segment_fill(uint32_t *words)
{
    words_fill(words);
    words[0] = wild(2) ? 0xffffffff : 6 + wild(4);
    words[3] = wild(2) ? 0x51 : 0x28;
}

static void offset_fill(uint32_t *words)
{
    words[0] = wild(100);
    words[1] = 0;
}

/* A short time, in words of 32 bits or of 64. */
static void time_fill(uint32_t *words)
{
    words[wild(2) ? 1 : 2] = wild(100000);
}

/* All signals, or the one of our timer. */
static void set_fill(uint32_t *words)
{
    words[0] = wild(2) ? -1 : 1 << 13;
    words[1] = wild(2) ? -1 : 0;
}

static void (*filler_of(const struct argument *argument))(uint32_t *)
{
    static const struct {
        const char *word; /* part of the type, or the name */
        void (*fill)(uint32_t *words);
    } fillers[] = {
        {"iovec", vectors_fill},        {"pollfd", polled_fill},
        {"arguments", strings_fill},    {"environment", strings_fill},
        {"stack_t", stack_fill},        {"sigaction", action_fill},
        {"signal_action", action_fill}, {"user_desc", segment_fill},
        {"offset", offset_fill},        {"in_offset", offset_fill},
        {"out_offset", offset_fill},    {"time", time_fill},
        {"request", time_fill},         {"timeout", time_fill},
        {"times", time_fill},           {"set", set_fill},
    };

    for (size_t i = 0; i < COUNT(fillers); i++)
        if (strstr(argument->type, fillers[i].word) ||
            strcmp(argument->name, fillers[i].word) == 0)
            return fillers[i].fill;
    return words_fill;
}

static uint32_t pointer_draw(const struct argument *argument)
{
    uint32_t slot[SLOT / 4] = {0};
    char *place = slot_draw();

    if (wild(8) == 0)
        return 0;
    filler_of(argument)(slot);
    memcpy(place, slot, sizeof slot);
    return address_of(place);
}

/* ---- numbers that suit --------------------------------------------------- */

/* What stands for a number that is known only when it is drawn. */
enum { OWN = 0x51510001, OTHER, PLACE, STACK, BREAK };

struct choice {
    const char *call; /* "": any */
    const char *name;
    uint32_t count;
    uint32_t values[20];
};

static const struct choice choices[] = {
    {"reboot", "command", 2, {0, 0x89abcdef}},
    {"unlinkat", "flags", 2, {0, 0x200}},
    {"linkat", "flags", 2, {0, 0x400}},
    {"statfs64", "size", 1, {84}},
    {"fstatfs64", "size", 1, {84}},
    {"clock_nanosleep", "flags", 2, {0, 1}},
    {"clock_nanosleep_time64", "flags", 2, {0, 1}},
    {"preadv2", "flags", 2, {0, 0x10}},
    {"pwritev2", "flags", 2, {0, 0x10}},
    {"copy_file_range", "flags", 1, {0}},
    {"getrandom", "flags", 3, {0, 1, 4}},
    {"mlock2", "flags", 2, {0, 1}},
    {"clone",
     "flags",
     9,
     {17, 0x01200011, 0x100, 0x4111, 0x4100, 0xd00, 0x3d0f00, 0x7d0f00,
      0x50f00}},
    {"mmap2", "flags", 8, {0x22, 0x22, 2, 1, 0x21, 0x32, 0x8022, 0x12}},
    {"mmap2", "address", 4, {0, PLACE, 0x21000000, 0x21001000}},
    {"mmap2", "page", 3, {0, 0, 1}},
    {"mmap2", "size", 5, {PAGE, 2 * PAGE, 8 * PAGE, 1 << 20, 100 << 20}},
    {"fallocate", "size", 3, {PAGE, 1 << 20, 100 << 20}},
    {"ftruncate", "size", 3, {0, PAGE, 1 << 20}},
    {"mremap", "flags", 3, {0, 1, 3}},
    {"mremap", "new_address", 3, {0, 0x21000000, PLACE}},
    {"mount", "flags", 4, {0, 1, 32, 0x8000}},
    {"umount2", "flags", 3, {0, 2, 8}},
    {"renameat2", "flags", 3, {0, 1, 2}},
    {"reboot", "magic1", 1, {0xfee1dead}},
    {"reboot", "magic2", 3, {672274793, 85072278, 537993216}},
    {"waitid", "options", 5, {4, 5, 15, 0x1000005, 7}},
    {"fcntl", "argument", 6, {0, 1, 2, 20, PLACE, 2048}},
    {"fcntl64", "argument", 6, {0, 1, 2, 20, PLACE, 2048}},
    {"getrusage", "who", 3, {0, -1, 1}},
    {"fallocate", "mode", 3, {0, 1, 3}},
    {"madvise", "advice", 8, {0, 1, 2, 3, 4, 8, 9, 14}},
    {"prctl", "argument2", 4, {PLACE, PLACE, 0, 1}},
    {"syslog", "type", 6, {2, 3, 4, 9, 10, 5}},
    {"ioctl", "argument", 5, {PLACE, PLACE, 0, 1, 2}},
    {"brk", "end", 3, {0, BREAK, BREAK}},
    {"getgroups32", "count", 3, {0, 8, 64}},
    {"sched_setscheduler", "parameter", 1, {PLACE}},
    {"", "group", 3, {0, OWN, OTHER}},
    {"",
     "flags",
     14,
     {0, 0, 0, O_CREAT | O_RDWR, O_RDWR, O_RDONLY | O_DIRECTORY, O_CLOEXEC,
      O_NONBLOCK, 0x100, 0x200, 0x1000, 1, 2, 4}},
    {"", "signal", 9, {0, 0, 17, 10, 12, 14, 18, 34, 64}},
    {"", "pid", 6, {0, OWN, OTHER, OTHER, 29999, -1}},
    {"", "tid", 3, {OWN, OTHER, 29999}},
    {"", "id", 4, {0, OWN, OTHER, OTHER}},
    {"", "who", 3, {0, OWN, OTHER}},
    {"", "which", 3, {0, 1, 2}},
    {"", "whence", 3, {0, 1, 2}},
    {"", "options", 4, {0, 1, 1, 3}},
    {"", "rights", 7, {0, 1, 3, 3, 3, 5, 7}},
    {"",
     "mode",
     8,
     {0, 0644, 0755, 0777, S_IFREG | 0644, S_IFIFO | 0666, S_IFCHR | 0666,
      S_IFDIR}},
    {"", "want", 5, {0, 1, 2, 4, 7}},
    {"", "device", 4, {0, 0x103, 0x105, 0x501}},
    {"", "resource", 6, {0, 3, 7, 8, 9, 15}},
    {"", "clock", 8, {0, 1, 2, 3, 4, 5, 6, 7}},
    {"", "policy", 5, {0, 0, 1, 2, 3}},
    {"", "how", 3, {0, 1, 2}},
    {"", "command", 12, {0, 1, 2, 3, 4, 5, 6, 7, 13, 1030, 1031, 1032}},
    {"", "request", 20, {0x5401, 0x5402, 0x5403, 0x5404, 0x5405, 0x5407, 0x5409,
                         0x540b, 0x540e, 0x540f, 0x5410, 0x5412, 0x5413, 0x5414,
                         0x541b, 0x5421, 0x5422, 0x5429, 0x5450, 0x5451}},
    {"", "option", 8, {15, 16, 3, 4, 1, 2, 38, 36}},
    {"", "argument", 4, {0, 1, PLACE, PLACE}},
    {"", "count", 6, {0, 1, 2, 4, 8, 20}},
    {"", "milliseconds", 3, {0, 0, 1}},
    {"", "seconds", 3, {0, 0, 1}},
    {"", "persona", 3, {0, 0xffffffff, 8}},
    {"",
     "start",
     6,
     {PLACE, PLACE, 0x20000000, 0x20002000, 0x20004000, 0x21000000}},
    {"", "stack", 3, {0, STACK, STACK}},
    {"", "set_size", 1, {8}},
    {"", "mask_size", 1, {8}},
    {"", "old_size", 3, {PAGE, 2 * PAGE, 0}},
    {"", "new_size", 4, {PAGE, 2 * PAGE, 3 * PAGE, 16 * PAGE}},
    {"", "status", 3, {0, 1, 255}},
    {"", "real", 4, {-1, -1, 0, FIRST_USER}},
    {"", "effective", 4, {-1, -1, 0, FIRST_USER}},
    {"", "saved", 4, {-1, -1, 0, FIRST_USER}},
    {"", "uid", 4, {-1, 0, FIRST_USER, FIRST_USER + 1}},
    {"", "gid", 4, {-1, 0, FIRST_USER, FIRST_USER + 1}},
    {"", "length", 3, {0, 5, 64}},
    {"", "priority", 4, {0, 5, 19, -5}},
    {"", "offset", 5, {0, 0, 10, PAGE, 100000}},
    {"", "high", 1, {0}},
    {"", "first", 3, {25, 40, 0}},
    {"", "last", 3, {29, 50, -1}},
};

static uint32_t stand_in(uint32_t value)
{
    static uint32_t top;

    switch (value) {
    case OWN:
        return own_pid;
    case OTHER:
        return other_pid;
    case PLACE:
        return address_of(slot_draw()) & (wild(2) ? -PAGE : -1);
    case STACK:
        return address_of(arena) + 3 * PAGE - 64;
    case BREAK:
        top = top ? top : RAW(SYS_brk, 0, 0, 0);
        return top + wild(16) * PAGE;
    default:
        return value;
    }
}

/* What suits any call is for numbers, not for pointers of that name. */
static const struct choice *choice_find(const struct row *row,
                                        const struct argument *argument)
{
    bool number = argument->kind != 'p' && argument->kind != 'P';

    for (size_t i = 0; i < COUNT(choices); i++)
        if (strcmp(choices[i].name, argument->name) == 0 &&
            (*choices[i].call ? strcmp(choices[i].call, row->name) == 0
                              : number))
            return &choices[i];
    return NULL;
}

/* ---- a call -------------------------------------------------------------- */

static uint32_t good_value(const struct row *row,
                           const struct argument *argument)
{
    static const uint16_t sizes[] = {0,  1,   2,   4,    8,    12,      16,
                                     32, 100, 144, 1000, PAGE, 2 * PAGE};
    const struct choice *choice = choice_find(row, argument);

    if (choice)
        return stand_in(choice->values[wild(choice->count)]);
    switch (strcmp(argument->name, "size") == 0 ? 's' : argument->kind) {
    case 'f':
        if (strstr(argument->name, "directory") && wild(4))
            return AT_FDCWD;
        return wild(wild(2) ? 4 : DESCRIPTORS);
    case 's':
        return sizes[wild(COUNT(sizes))];
    case 'p':
        return pointer_draw(argument);
    case 'P':
        return path_draw(row, argument->name);
    default:
        return wild(10);
    }
}

/* All good, one wild, or all wild: by `wild_one`, its place. */
static void arguments_draw(struct call *call, const struct row *row, int mode)
{
    uint32_t filled = 0, wild_one = wild(6);

    for (int i = 0; i < 8 && filled < 6; i++) {
        const struct argument *argument = &row->arguments[i];

        if (argument->kind == 0)
            continue;
        bool good = mode == 0 || (mode == 1 && filled != wild_one);
        call->words[filled++] = good ? good_value(row, argument) : wild_value();
        if (argument->kind == 'l' && filled < 6)
            call->words[filled++] = good ? 0 : wild_value();
    }
}

const struct row *call_draw(struct call *call)
{
    const struct row *row = NULL;
    int kind = wild(16);

    for (int i = 0; i < 6; i++)
        call->words[i] = wild_value();
    if (kind == 0) {
        call->number = wild(4) ? wild(NUMBERS + 8) : wild_value();
        for (int i = 0; i < row_count; i++)
            if (rows[i].number == call->number)
                row = &rows[i];
        return row;
    }
    row = &rows[wild(row_count)];
    call->number = row->number;
    arguments_draw(call, row, kind < 5 ? 0 : kind < 13 ? 1 : 2);
    return row;
}
