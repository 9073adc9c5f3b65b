/*
 * What the kernel's operations cost, in guest instructions: under QEMU's
 * -icount shift=0 the time-stamp counter counts them, so every figure is exact
 * and repeats. One line a row: KEY VALUE LOADS FLUSHES, where LOADS and
 * FLUSHES are page-table loads and whole TLB flushes per operation, in
 * thousandths, which the instruction count cannot show.
 *
 * System calls are made by `int 0x80` directly, as in the program that
 * measured the peers: no C library stands between. Values are medians of
 * single operations where one can be timed by itself, else means of a loop.
 * On another system (no /proc/counters) LOADS and FLUSHES are 0.
 */
#include "measure.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

const char tiny_path[] = "/tmp/bench-tiny";
const char file_path[] = "/tmp/bench-file";
int null_fd, file_fd;

static const struct row {
    const char *key;
    uint64_t (*measure)(void);
} rows[] = {
    {"getpid", row_getpid},
    {"write_null", row_write_null},
    {"touch_mmap", row_touch_mmap},
    {"sbrk_touch", row_sbrk_touch},
    {"sbrk_mib_page", row_sbrk_mib_page},
    {"fork_wait", row_fork_wait},
    {"fork_wait_8m", row_fork_wait_8m},
    {"fork_write_8m", row_fork_write_8m},
    {"fork_exec", row_fork_exec},
    {"vfork_exec", row_vfork_exec},
    {"pipe_pingpong", row_pipe_pingpong},
    {"pipe_ring", row_pipe_ring},
    {"pipe_4k", row_pipe_4k},
    {"pipe_64k", row_pipe_64k},
    {"yield_alone", row_yield_alone},
    {"yield_pair", row_yield_pair},
    {"uthread_yield", row_uthread_yield},
    {"thread_create", row_thread_create},
    {"futex_wake", row_futex_wake},
    {"futex_pingpong", row_futex_pingpong},
    {"read_4k", row_read_4k},
    {"read_1", row_read_1},
    {"open_close", row_open_close},
    {"tick", row_tick},
};

/* An ELF program of one instruction sequence: exit(0). */
static void make_tiny(void)
{
    static const struct {
        unsigned char header[52];
        uint32_t segment[8];
        unsigned char code[12];
    } tiny = {
        {0x7f, 'E',  'L',  'F',  1,  1, 1, 0, 0,  0, 0,  0, 0,
         0,    0,    0,                       /* ident */
         2,    0,    3,    0,    1,  0, 0, 0, /* EXEC, 386, version */
         0x54, 0x80, 0x04, 0x08, 52, 0, 0, 0, /* entry, segments */
         0,    0,    0,    0,    0,  0, 0, 0, 52, 0, 32, 0, /* sections, flags,
                                                               sizes */
         1,    0,    40,   0,    0,  0, 0, 0},
        {1, 0, 0x08048000, 0x08048000, 96, 96, 5, PAGE},
        {0x31, 0xdb, 0x31, 0xc0, 0x40, 0xcd, 0x80}, /* exit(0) */
    };
    int fd = open(tiny_path, O_CREAT | O_TRUNC | O_WRONLY, 0755);
    if (fd < 0 || write(fd, &tiny, sizeof(tiny)) != (ssize_t)sizeof(tiny))
        check(-5, tiny_path);
    close(fd);
}

static void prepare(void)
{
    make_tiny();
    file_fd = open(file_path, O_CREAT | O_TRUNC | O_RDWR, 0644);
    null_fd = open("/dev/null", O_WRONLY);
    if (file_fd < 0 || null_fd < 0)
        check(-2, file_path);
    for (int i = 0; i < 16; i++)
        if (write(file_fd, page, PAGE) != PAGE)
            check(-28, file_path);
}

/* Sums over all CPUs since boot; all 0 where there is no such file. */
struct counters {
    unsigned long long loads, flushes, sent;
};

static struct counters counters_read(void)
{
    struct counters counters = {0, 0, 0};
    unsigned long long value;
    char name[32];
    FILE *file = fopen("/proc/counters", "r");
    while (file && fscanf(file, "%31s %llu", name, &value) == 2)
        if (strcmp(name, "page_table_loads") == 0)
            counters.loads = value;
        else if (strcmp(name, "tlb_flushes") == 0)
            counters.flushes = value;
        else if (strcmp(name, "interrupts_sent") == 0)
            counters.sent = value;
    if (file)
        fclose(file);
    return counters;
}

static void row_print(const struct row *row)
{
    struct counters before = counters_read();
    operations = 0;
    unsigned long long cost = row->measure();
    struct counters after = counters_read();
    printf("%s %llu %llu %llu %llu\n", row->key, cost,
           (after.loads - before.loads) * 1000 / operations,
           (after.flushes - before.flushes) * 1000 / operations,
           (after.sent - before.sent) * 1000 / operations);
    fflush(stdout);
}

int main(int count, char **keys)
{
    prepare();
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (count == 1 || strcmp(keys[1], rows[i].key) == 0)
            row_print(&rows[i]);
    unlink(tiny_path);
    unlink(file_path);
    return 0;
}
