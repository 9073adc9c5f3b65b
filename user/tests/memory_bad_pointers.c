/* Every call that takes a pointer answers a bad one with EFAULT, unharmed. */
#include "say.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static int fd, ends[2];

/* What only reads its argument, and what only writes it. */
static void pointer_try(void *bad)
{
    TRY(write(ends[1], bad, 10));
    TRY(read(fd, bad, 10));
    TRY(syscall(SYS_open, bad, 0));
    TRY(syscall(SYS_stat64, ".", bad));
    TRY(syscall(SYS_stat64, bad, bad));
    TRY(syscall(SYS_pipe, bad));
    TRY(syscall(SYS_getcwd, bad, 100));
    TRY(syscall(SYS_chdir, bad));
    TRY(syscall(SYS_execve, bad, NULL, NULL));
    TRY(syscall(SYS_uname, bad));
    TRY(syscall(SYS_times, bad));
    TRY(syscall(SYS_clock_gettime64, 0, bad));
    TRY(syscall(SYS_nanosleep, bad, NULL));
    TRY(syscall(SYS_rt_sigaction, 10, bad, NULL, 8));
    TRY(syscall(SYS_rt_sigprocmask, 0, bad, NULL, 8));
    TRY(syscall(SYS_rt_sigpending, bad, 8));
    TRY(syscall(SYS_sigaltstack, bad, NULL));
    TRY(syscall(SYS_writev, ends[1], bad, 1));
    TRY(syscall(SYS_poll, bad, 1, 0));
    TRY(syscall(SYS_getrandom, bad, 10, 0));
    TRY(syscall(SYS_getdents64, fd, bad, 100));
    TRY(syscall(SYS_readlink, "link", bad, 10));
    TRY(syscall(SYS_ugetrlimit, 0, bad));
    TRY(syscall(SYS_setitimer, 0, bad, NULL));
    TRY(syscall(SYS_rename, "x", bad));
    TRY(syscall(SYS_set_thread_area, bad));
}

/* What lies before a bad page is moved, and counts. */
static void parts_try(char *edge)
{
    char start[4] = "abc", rest[4];
    struct iovec out[] = {{start, 3}, {edge + 4090, 100}};
    struct iovec in[] = {{rest, 3}, {edge + 4092, 100}, {start, 3}};
    int big = MUST(open("parts", O_CREAT | O_RDWR, 0644));

    memset(edge, 'p', 4096);
    TRY(write(big, edge + 4090, 100));
    TRY(write(big, edge + 4096, 100));
    TRY(pwrite(big, edge, 8192, 4094));
    TRY(writev(big, out, 2));
    TRY(lseek(big, 0, SEEK_END));
    TRY(pread(big, edge + 4090, 100, 0));
    TRY(pread(big, edge + 4096, 100, 0));
    TRY(pread(big, edge, 8192, 1));
    TRY(lseek(big, 0, SEEK_SET));
    TRY(readv(big, in, 3));
    out[1].iov_base = edge + 4096;
    TRY(writev(big, out, 2));
    TRY(lseek(big, 0, SEEK_CUR));
}

int main(void)
{
    char *edge = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    scratch_enter();
    file_make("file", "0123456789");
    MUST(symlink("target", "link"));
    fd = MUST(open("file", O_RDONLY));
    MUST(pipe(ends));
    say("page 0");
    pointer_try((void *)16);
    say("the kernel's");
    pointer_try((void *)0xfffffff0);
    MUST(munmap(edge + 4096, 4096));
    say("unmapped");
    pointer_try(edge + 4096);
    say("across the edge");
    MUST(lseek(fd, 0, SEEK_SET));
    TRY(write(ends[1], edge + 4090, 10) < 10);
    TRY(syscall(SYS_stat64, ".", edge + 4090));
    TRY(syscall(SYS_uname, edge + 4000));
    memset(edge + 4090, 'x', 6);
    TRY(syscall(SYS_open, edge + 4090, 0));
    strcpy(edge + 4091, "file");
    TRY(syscall(SYS_open, edge + 4091, 0) > 0);
    parts_try(edge);
    return 0;
}
