/*
 * Every system call survives every argument: no panic, no leak.
 *
 * wild_calls SEED COUNT makes COUNT calls with arguments drawn from a list of
 * bad ideas: pointers at each edge of a page, kernel addresses, huge lengths,
 * negative descriptors. They run in children, so that one which ends itself
 * takes only itself along; the next child goes on with the next call. What
 * would end the machine or wait for ever is left out or bounded by an alarm.
 */
/* only: spindle */
/* arguments: 1 100000 */
/* long-arguments: 7 3000000 */
/* timeout: 240 */
#include "say.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>

enum { CALLS = 460, ROUND = 400, PAGE = 4096 };

static uint64_t seed;
static char *middle; /* three pages: writable, read-only, none */
static volatile int *done;

static uint32_t wild(void)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return seed >> 33;
}

static int is_left_out(int number)
{
    static const int numbers[] = {
        /* would end or stop this process, or start one */
        SYS_exit, SYS_exit_group, SYS_fork, SYS_vfork, SYS_clone, SYS_clone3,
        SYS_pause, SYS_rt_sigsuspend, SYS_sigsuspend, SYS_ptrace,
        /* would reach others, or the whole machine */
        SYS_reboot, SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo,
        SYS_rt_tgsigqueueinfo, SYS_pidfd_send_signal, SYS_prlimit64,
        SYS_setpriority, SYS_mount, SYS_umount, SYS_umount2, SYS_chroot,
        SYS_pivot_root, SYS_swapon, SYS_stime, SYS_settimeofday_time32,
        SYS_clock_settime32, SYS_clock_settime64,
        /* would take away the alarm */
        SYS_rt_sigaction, SYS_sigaction, SYS_signal, SYS_rt_sigprocmask,
        SYS_sigprocmask, SYS_setitimer, SYS_alarm, SYS_setsid, SYS_setpgid};

    for (size_t i = 0; i < COUNT(numbers); i++)
        if (numbers[i] == number)
            return 1;
    return 0;
}

static uint32_t argument(void)
{
    static const uint32_t numbers[] = {
        0,          1,          2,          3,          4,          7,
        8,          16,         100,        255,        256,        4095,
        4096,       4097,       65535,      65536,      0x7fffffff, 0x80000000,
        0x80000001, 0xffffffff, 0xfffffffe, 0xfffff000, 0xffffefff, 0xc0000000,
        0xbffffffc, 0xbfffffff, 0xc0100000, 0xff800000, 0x08048000, 0x1000,
        0xffff,     0xdeadbeef, 0x40000000, 0x100000,   -9,         -100,
        1 << 12,    1 << 19,    1 << 20,    011};
    static const int edges[] = {
        0,        1,           PAGE - 4,     PAGE - 1,
        PAGE,     PAGE + 4,    2 * PAGE - 8, 2 * PAGE - 1,
        2 * PAGE, 3 * PAGE - 1};

    switch (wild() % 4) {
    case 0:
        return wild() ^ wild() << 16;
    case 1:
        return (uint32_t)(uintptr_t)middle + edges[wild() % COUNT(edges)];
    case 2:
        return wild() % 24;
    default:
        return numbers[wild() % COUNT(numbers)];
    }
}

/* In the middle there is something to find: a name, small numbers, pointers.*/
static void memory_spoil(void)
{
    uint32_t *words = (uint32_t *)middle;

    for (int i = 0; i < PAGE / 4; i++)
        words[i] = argument();
    strcpy(middle, wild() % 2 ? "wild-file" : "/tmp/../tmp/wild/none");
    memset(middle + PAGE - 6, 'x', 6);
}

static void memory_map(void)
{
    middle = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(middle, 'm', 3 * PAGE);
    mprotect(middle + PAGE, PAGE, PROT_READ);
    mprotect(middle + 2 * PAGE, PAGE, PROT_NONE);
}

/* Straight to the kernel: nothing in between may look at the arguments. */
static void call(const uint32_t *words)
{
    uint32_t number = words[0];

    __asm__ volatile("pushl %%ebp\n"
                     "movl 24(%%esi), %%ebp\n"
                     "movl 20(%%esi), %%edi\n"
                     "movl 16(%%esi), %%esi\n"
                     "int $0x80\n"
                     "popl %%ebp"
                     : "+a"(number)
                     : "b"(words[1]), "c"(words[2]), "d"(words[3]), "S"(words)
                     : "edi", "memory", "cc");
}

/* One child's share. Each call's arguments depend on the seed alone. */
static void share_run(uint64_t first, int count)
{
    struct itimerval patience = {{0, 2000}, {0, 2000}};
    uint32_t words[7];
    int null = MUST(open("/dev/null", O_RDWR));

    memory_map();
    for (int stream = 0; stream < 3; stream++)
        MUST(dup2(null, stream));
    setitimer(ITIMER_REAL, &patience, NULL);
    for (int i = 0; i < count; i++) {
        seed = first + (uint64_t)*done * 7919;
        wild();
        memory_spoil();
        do
            words[0] = wild() % CALLS;
        while (is_left_out(words[0]));
        for (int j = 1; j < 7; j++)
            words[j] = argument();
        (*done)++;
        call(words);
    }
    _exit(0);
}

static void on_alarm(int number)
{
    (void)number;
}

/* A child that sleeps with its alarm masked away is ended. */
static void share_wait(pid_t pid)
{
    struct itimerval patience = {{3, 0}, {3, 0}}, none = {{0}, {0}};

    setitimer(ITIMER_REAL, &patience, NULL);
    while (waitpid(pid, NULL, 0) < 0)
        kill(pid, SIGKILL);
    setitimer(ITIMER_REAL, &none, NULL);
}

int main(int count, char **arguments)
{
    uint64_t first = count > 1 ? strtoull(arguments[1], NULL, 0) : 1;
    int total = count > 2 ? atoi(arguments[2]) : 100000, shares = 0;

    scratch_enter();
    done = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                -1, 0);
    handler_set(SIGALRM, on_alarm, 0);
    for (; *done < total; shares++) {
        int left = total - *done;
        pid_t pid = MUST(fork());

        if (pid == 0)
            share_run(first << 32, left < ROUND ? left : ROUND);
        share_wait(pid);
    }
    say("%d calls by %s", *done, shares > 1 ? "many" : "one");
    say("pass");
    return 0;
}
