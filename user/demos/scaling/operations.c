/*
 * Operations that a kernel could do on any number of CPUs at once.
 */
#define _GNU_SOURCE 1

#include "operations.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* More than the frames that a CPU keeps at hand, and fewer. */
enum { PAGE = 4096, PAGES = 1024, PAGES_FEW = 64 };

void fail(const char *what)
{
    perror(what);
    kill(0, SIGTERM); /* the others would wait for this one */
    _exit(1);
}

void own_make(struct own *own)
{
    snprintf(own->path, sizeof own->path, "/tmp/scaling.%d", own->cpu);
    int file = open(own->path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);

    if (file < 0 || close(file) < 0 || pipe(own->pipe) < 0)
        fail(own->path);
    own->memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (own->memory == MAP_FAILED)
        fail("mmap");
    own->page = PAGES;
}

void own_release(struct own *own)
{
    close(own->pipe[0]);
    close(own->pipe[1]);
    unlink(own->path);
    munmap(own->memory, PAGES * PAGE);
}

static int do_getpid(struct own *own)
{
    (void)own;
    return syscall(SYS_getpid) < 0;
}

static int do_pipe_write_read(struct own *own)
{
    char bytes[64] = "";

    return write(own->pipe[1], bytes, sizeof bytes) != sizeof bytes ||
           read(own->pipe[0], bytes, sizeof bytes) != sizeof bytes;
}

static int do_pipe_make(struct own *own)
{
    int ends[2];

    (void)own;
    return pipe(ends) < 0 || close(ends[0]) < 0 || close(ends[1]) < 0;
}

static int do_open_close(struct own *own)
{
    int file = open(own->path, O_RDWR | O_CLOEXEC);

    return file < 0 || close(file) < 0;
}

static int do_mmap_munmap(struct own *own)
{
    char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)own;
    if (page == MAP_FAILED)
        return 1;
    *(volatile char *)page = 1;
    return munmap(page, PAGE);
}

/* musl's sbrk refuses to grow. */
static int do_brk(struct own *own)
{
    long end = syscall(SYS_brk, 0);

    (void)own;
    if (syscall(SYS_brk, end + PAGE) != end + PAGE)
        return 1;
    *(volatile char *)end = 1;
    return syscall(SYS_brk, end) != end;
}

/* A fault each; after so many faults, the pages are given back. */
static int page_fault(struct own *own, int pages)
{
    if (own->page >= pages) {
        own->page = 0;
        if (madvise(own->memory, (size_t)pages * PAGE, MADV_DONTNEED) < 0)
            return 1;
    }
    own->memory[PAGE * own->page++] = 1;
    return 0;
}

static int do_page_fault(struct own *own)
{
    return page_fault(own, PAGES_FEW);
}

static int do_page_fault_many(struct own *own)
{
    return page_fault(own, PAGES);
}

const struct operation operations[] = {
    {"getpid", do_getpid, 1},
    {"pipe write+read", do_pipe_write_read, 1},
    {"pipe+close", do_pipe_make, 1},
    {"open+close", do_open_close, 1},
    {"page fault", do_page_fault, 1},
    {"page fault, many", do_page_fault_many, 0},
    {"mmap+munmap", do_mmap_munmap, 1},
    {"brk", do_brk, 0},
    {NULL, NULL, 0},
};
