/*
 * Switches: bytes passed round in pipes, turns given away, ticks suffered.
 */
#include "measure.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

static void ends_close(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

static void pass_on(int from, int to, int rounds)
{
    char byte = 0;
    while (rounds-- > 0) {
        check(call(SYS_read, from, (long)&byte, 1), "read");
        check(call(SYS_write, to, (long)&byte, 1), "write");
    }
}

uint64_t row_pipe_pingpong(void)
{
    enum { ROUNDS = 1000 };
    int there[2], back[2];
    if (pipe(there) < 0 || pipe(back) < 0)
        check(-24, "pipe");
    long pid = check(call(SYS_fork, 0, 0, 0), "fork");
    if (pid == 0) {
        pass_on(there[0], back[1], ROUNDS);
        exit_child();
    }
    uint64_t start = count_now();
    for (int i = 0; i < ROUNDS; i++) {
        call(SYS_write, there[1], (long)page, 1);
        call(SYS_read, back[0], (long)page, 1);
    }
    uint64_t cost = count_now() - start;
    wait_for(pid);
    ends_close(there);
    ends_close(back);
    operations = ROUNDS;
    return cost / ROUNDS;
}

uint64_t row_pipe_ring(void)
{
    enum { MEMBERS = 16, ROUNDS = 200 };
    int pipes[MEMBERS][2];
    long pids[MEMBERS];
    for (int i = 0; i < MEMBERS; i++)
        check(pipe(pipes[i]), "pipe");
    for (int i = 1; i < MEMBERS; i++) {
        pids[i] = check(call(SYS_fork, 0, 0, 0), "fork");
        if (pids[i] == 0) {
            pass_on(pipes[i - 1][0], pipes[i][1], ROUNDS);
            exit_child();
        }
    }
    uint64_t start = count_now();
    for (int i = 0; i < ROUNDS; i++) {
        call(SYS_write, pipes[0][1], (long)page, 1);
        call(SYS_read, pipes[MEMBERS - 1][0], (long)page, 1);
    }
    uint64_t cost = count_now() - start;
    for (int i = 1; i < MEMBERS; i++)
        wait_for(pids[i]);
    for (int i = 0; i < MEMBERS; i++)
        ends_close(pipes[i]);
    operations = ROUNDS * MEMBERS;
    return cost / operations;
}

/* The child writes pieces of `size`; the parent reads as large. */
static uint64_t throughput(size_t size)
{
    enum { TOTAL = 4 << 20 };
    int ends[2];
    char *buffer = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(buffer, 1, size);
    check(pipe(ends), "pipe");
    long pid = check(call(SYS_fork, 0, 0, 0), "fork");
    if (pid == 0) {
        memset(buffer, 2, size);
        for (size_t sent = 0; sent < TOTAL; sent += size)
            call(SYS_write, ends[1], (long)buffer, (long)size);
        exit_child();
    }
    uint64_t start = count_now();
    for (size_t got = 0; got < TOTAL;)
        got += (size_t)check(call(SYS_read, ends[0], (long)buffer, (long)size),
                             "read");
    uint64_t cost = count_now() - start;
    wait_for(pid);
    ends_close(ends);
    munmap(buffer, size);
    operations = TOTAL / 1024;
    return cost / operations;
}

uint64_t row_pipe_4k(void)
{
    return throughput(4096);
}

uint64_t row_pipe_64k(void)
{
    return throughput(65536);
}

static void yield(void)
{
    call(SYS_sched_yield, 0, 0, 0);
}

uint64_t row_yield_alone(void)
{
    return median_of(512, yield);
}

uint64_t row_yield_pair(void)
{
    enum { ROUNDS = 2000 };
    long pid = check(call(SYS_fork, 0, 0, 0), "fork");
    if (pid == 0)
        for (;;)
            yield();
    for (int i = 0; i < 10; i++)
        yield();
    uint64_t start = count_now();
    for (int i = 0; i < ROUNDS; i++)
        yield();
    uint64_t cost = count_now() - start;
    call(SYS_kill, pid, 9, 0);
    wait_for(pid);
    operations = 2 * ROUNDS;
    return cost / operations;
}

/* Reads the counter in a tight loop; a tick is a step far above the usual. */
uint64_t row_tick(void)
{
    enum { TICKS = 101, FAR = 60 };
    uint64_t last = count_now(), usual = ~0ull;
    for (int i = 0; i < TICKS;) {
        uint64_t now = count_now();
        uint64_t step = now - last;
        last = now;
        if (step < usual)
            usual = step;
        if (step > usual + FAR)
            samples[i++] = step - usual;
    }
    operations = TICKS;
    return median(TICKS);
}
