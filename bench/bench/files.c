/*
 * The least a system call costs, and files in memory.
 */
#include "measure.h"

#include <fcntl.h>

uint64_t row_getpid(void)
{
    operations = SAMPLES_MAX;
    for (int i = 0; i < SAMPLES_MAX; i++) {
        uint64_t start = count_now();
        call(SYS_getpid, 0, 0, 0);
        samples[i] = count_now() - start;
    }
    return median(SAMPLES_MAX);
}

static void write_null(void)
{
    call(SYS_write, null_fd, (long)page, 1);
}

static void read_4k(void)
{
    call(SYS_lseek, file_fd, 0, SEEK_SET);
    call(SYS_read, file_fd, (long)page, PAGE);
}

static void seek_only(void)
{
    call(SYS_lseek, file_fd, 0, SEEK_SET);
}

static void read_1(void)
{
    call(SYS_read, file_fd, (long)page, 1);
}

static void open_close(void)
{
    call(SYS_close, call(SYS_open, (long)file_path, O_RDONLY, 0), 0, 0);
}

uint64_t row_write_null(void)
{
    return median_of(512, write_null);
}

uint64_t row_read_4k(void)
{
    return median_of(512, read_4k) - median_of(512, seek_only);
}

uint64_t row_read_1(void)
{
    seek_only();
    return median_of(512, read_1);
}

uint64_t row_open_close(void)
{
    return median_of(512, open_close);
}
