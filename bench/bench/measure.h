/*
 * What a measurement needs: system calls by `int 0x80` without a C library
 * between, the time-stamp counter, medians, and how many operations a row did
 * (for what is counted per operation).
 *
 * A row is a function that returns guest instructions per operation and
 * leaves the number of operations in `operations`.
 */
#pragma once

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE        4096
#define SAMPLES_MAX 1024

extern uint64_t samples[SAMPLES_MAX];
extern uint64_t operations;
extern char page[PAGE];
extern const char tiny_path[], file_path[];
extern int null_fd, file_fd;

static inline long call(long number, long a, long b, long c)
{
    long result;
    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(number), "b"(a), "c"(b), "d"(c)
                     : "memory");
    return result;
}

static inline uint64_t count_now(void)
{
    uint64_t count;
    __asm__ volatile("rdtsc" : "=A"(count)::"memory");
    return count;
}

/* Ends the program when `result` is -errno. */
long check(long result, const char *what);

/* The middle one of the first `count` samples. */
uint64_t median(int count);

/* Times `count` single runs of `operation`; the cost of timing is taken off. */
uint64_t median_of(int count, void (*operation)(void));

void exit_child(void);
void wait_for(long pid);

/* The heap by brk, grown or shrunk; touch writes to each new page. */
void heap_grow(long bytes, int touch);
void heap_shrink(long bytes);

uint64_t row_getpid(void);
uint64_t row_write_null(void);
uint64_t row_read_4k(void);
uint64_t row_read_1(void);
uint64_t row_open_close(void);
uint64_t row_touch_mmap(void);
uint64_t row_sbrk_touch(void);
uint64_t row_sbrk_mib_page(void);
uint64_t row_fork_wait(void);
uint64_t row_fork_wait_8m(void);
uint64_t row_fork_write_8m(void);
uint64_t row_fork_exec(void);
uint64_t row_vfork_exec(void);
uint64_t row_pipe_pingpong(void);
uint64_t row_pipe_ring(void);
uint64_t row_pipe_4k(void);
uint64_t row_pipe_64k(void);
uint64_t row_yield_alone(void);
uint64_t row_yield_pair(void);
uint64_t row_uthread_yield(void);
uint64_t row_thread_create(void);
uint64_t row_futex_wake(void);
uint64_t row_futex_pingpong(void);
uint64_t row_tick(void);
