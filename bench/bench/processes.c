/*
 * Processes: made, ended, waited for; with little memory and with much.
 */
#include "measure.h"

#include <stddef.h>

#define HEAP_8M (8 << 20)

static void fork_wait(void)
{
    long pid = check(call(SYS_fork, 0, 0, 0), "fork");
    if (pid == 0)
        exit_child();
    wait_for(pid);
}

static long heap_start;

static void fork_write(void)
{
    long pid = check(call(SYS_fork, 0, 0, 0), "fork");
    if (pid == 0) {
        for (long at = 0; at < HEAP_8M; at += PAGE)
            *(volatile char *)(heap_start + at) = 2;
        exit_child();
    }
    wait_for(pid);
}

static void execute_tiny(void)
{
    char *arguments[] = {(char *)tiny_path, NULL};
    char *environment[] = {NULL};
    call(SYS_execve, (long)tiny_path, (long)arguments, (long)environment);
    exit_child();
}

static void fork_exec(void)
{
    long pid = check(call(SYS_fork, 0, 0, 0), "fork");
    if (pid == 0)
        execute_tiny();
    wait_for(pid);
}

static void vfork_exec(void)
{
    long pid = vfork();
    if (pid == 0)
        execute_tiny();
    wait_for(check(pid, "vfork"));
}

uint64_t row_fork_wait(void)
{
    return median_of(64, fork_wait);
}

uint64_t row_fork_wait_8m(void)
{
    heap_start = call(SYS_brk, 0, 0, 0);
    heap_grow(HEAP_8M, 1);
    uint64_t cost = median_of(16, fork_wait);
    heap_shrink(HEAP_8M);
    return cost;
}

uint64_t row_fork_write_8m(void)
{
    heap_start = call(SYS_brk, 0, 0, 0);
    heap_grow(HEAP_8M, 1);
    uint64_t cost = median_of(4, fork_write);
    heap_shrink(HEAP_8M);
    return cost;
}

uint64_t row_fork_exec(void)
{
    return median_of(64, fork_exec);
}

uint64_t row_vfork_exec(void)
{
    return median_of(64, vfork_exec);
}
