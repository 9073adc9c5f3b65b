/*
 * A share: one child makes calls until it has made enough or one of them has
 * ended it. Those that always end who makes them are made by a child of its
 * own; those that wait for ever are broken by a timer. Some shares are made by
 * two processes at a time in one memory, with the same descriptors.
 */
#include "wild.h"

#include "../say.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>

enum { CHILD_GOOD = 42, BAD_USAGE = 2, ERRNO_LAST = 133, PATIENCE = 1000 };

#define KERNEL 0xc0000000u

struct ledger *ledger;

static struct {
    uint32_t number;
    int job;
    bool as_root, fails; /* allocations fail by order */
    uint32_t keeper;
} share;

static char twin_stack[8 * PAGE] __attribute__((aligned(16)));

/* ---- the rules ----------------------------------------------------------- */

static void rule_broken(const char *rule, const struct call *call)
{
    if (!__sync_bool_compare_and_swap(&ledger->broken, 0, 1))
        return;
    strcpy(ledger->rule, rule);
    ledger->share = share.number;
    ledger->call = *call;
}

/* Calls whose result may be any number: what was set before, and addresses. */
static bool has_any_result(uint32_t number)
{
    static const uint16_t numbers[] = {
        SYS_brk,       SYS_mmap2,      SYS_mremap,    SYS_times,
        SYS_time,      SYS_getuid,     SYS_geteuid,   SYS_getgid,
        SYS_getegid,   SYS_getuid32,   SYS_geteuid32, SYS_getgid32,
        SYS_getegid32, SYS_setfsuid32, SYS_setfsgid32};

    for (size_t i = 0; i < COUNT(numbers); i++)
        if (numbers[i] == number)
            return true;
    return false;
}

/* IF is set; TF, DF, IOPL, NT and AC are not. */
static bool flags_are_good(uint32_t eflags)
{
    return (eflags & 0x47700) == 0x200;
}

/* Calls that copy as many bytes as they say, from or to their second word. */
static bool moves_bytes(uint32_t number)
{
    return number == SYS_read || number == SYS_write || number == SYS_pread64 ||
           number == SYS_pwrite64 || number == SYS_readlink ||
           number == SYS_getdents64;
}

static void result_check(const struct call *call, const struct row *row)
{
    const uint32_t *words = call->words;

    if ((int32_t)call->result < -ERRNO_LAST && !has_any_result(call->number))
        rule_broken("neither a result nor an error", call);
    if (!row && call->result != (uint32_t)-ENOSYS)
        rule_broken("there is no such call", call);
    if (moves_bytes(call->number) && words[1] >= KERNEL &&
        (int32_t)call->result > 0)
        rule_broken("the kernel's memory was reached", call);
    if (call->ebx != words[0] || call->ecx != words[1] ||
        call->edx != words[2] || call->esi != words[3] ||
        call->edi != words[4] || call->ebp != words[5])
        rule_broken("a register was lost", call);
    if (!flags_are_good(call->eflags))
        rule_broken("the flags were lost", call);
    if (!is_error(call->result) && call->number < NUMBERS)
        ledger->succeeded[call->number]++;
}

/* ---- what a call must not reach ------------------------------------------ */

static bool is_ending(uint32_t command)
{
    return command == 0x4321fedc || command == 0x01234567 ||
           command == 0xcdef0123 || command == 0xa1b2c3d4;
}

/* The keeper goes on, and so does the machine. */
static void tame(struct call *call, const struct row *row)
{
    static const char *const names[] = {"pid", "tid", "group", "id", "who"};
    uint32_t *words = call->words;

    if (call->number == SYS_reboot && is_ending(words[2]))
        words[2] = 0;
    if (call->number == SYS_kill && words[0] == (uint32_t)-1 && share.as_root)
        words[0] = own_pid;
    for (int i = 0; row && i < 8; i++) {
        const struct argument *argument = &row->arguments[i];

        for (size_t j = 0; j < COUNT(names) && argument->kind; j++)
            if (strcmp(argument->name, names[j]) == 0 &&
                (*words == share.keeper || *words == -share.keeper))
                *words = own_pid;
        words += argument->kind == 'l' ? 2 : argument->kind != 0;
    }
}

/* ---- one call ------------------------------------------------------------ */

static void fail_order(char digit)
{
    struct call order = {
        .number = SYS_pwrite64,
        .words = {FAIL_NTH, (uint32_t)(uintptr_t)&digit, 1, 0, 0, 0}};

    call_make(&order);
}

/* Which signals are blocked: all while one waits for some, else none. */
static void mask_set(uint32_t word)
{
    uint32_t mask[2] = {word, word};
    struct call set = {
        .number = SYS_rt_sigprocmask,
        .words = {SIG_SETMASK, (uint32_t)(uintptr_t)mask, 0, 8, 0, 0}};

    call_make(&set);
}

/* Some allocation of the call may fail, in kernels that can do so. */
static void perform(struct call *call, const struct row *row)
{
    bool fails = share.fails && wild(2);

    ledger->made[share.job]++;
    if (call->number == SYS_rt_sigtimedwait ||
        call->number == SYS_rt_sigtimedwait_time64)
        mask_set(-1);
    if (fails)
        fail_order('1' + wild(9));
    call_make(call);
    if (fails)
        fail_order('0');
    result_check(call, row);
}

/* A handler that spoils the frame by which it will return. */
static void frame_spoil(int number)
{
    uint32_t *frame = __builtin_frame_address(0);
    struct call call;

    (void)number;
    for (int i = wild(3); i >= 0; i--) {
        call_draw(&call);
        frame[3 + wild(200)] = call.words[0];
    }
}

/* sigreturn takes its argument from the stack: a frame that is nearly good. */
static void sigreturn_perform(const struct call *call)
{
    uint32_t action[5] = {(uint32_t)(uintptr_t)frame_spoil,
                          call->number == SYS_rt_sigreturn ? 4 : 0};
    struct call set = {
        .number = SYS_rt_sigaction,
        .words = {SIGUSR1, (uint32_t)(uintptr_t)action, 0, 8, 0, 0}};

    ledger->made[share.job]++;
    call_make(&set);
    RAW(SYS_kill, own_pid, SIGUSR1, 0);
}

static bool shares_its_stack(uint32_t number)
{
    return number == SYS_vfork || number == SYS_clone;
}

static bool ends_its_caller(uint32_t number)
{
    return number == SYS_exit || number == SYS_exit_group ||
           number == SYS_execve || number == SYS_sigreturn ||
           number == SYS_rt_sigreturn;
}

/* Often ends its caller, or makes it wait for good. */
static bool is_dangerous(uint32_t number)
{
    static const uint16_t numbers[] = {
        SYS_pause,     SYS_rt_sigsuspend,   SYS_sigsuspend, SYS_kill,
        SYS_tkill,     SYS_tgkill,          SYS_munmap,     SYS_mmap2,
        SYS_mremap,    SYS_mprotect,        SYS_brk,        SYS_rt_sigaction,
        SYS_sigaction, SYS_rt_sigqueueinfo, SYS_close_range};

    for (size_t i = 0; i < COUNT(numbers); i++)
        if (numbers[i] == number)
            return wild(4) != 0;
    return false;
}

/* A child that neither ends nor lets itself be woken is killed. */
static int child_wait(uint32_t pid)
{
    int status = -1;

    for (int patience = 0; patience < 20; patience++) {
        uint32_t result = RAW(SYS_waitpid, pid, &status, 0);

        if (result != (uint32_t)-EINTR)
            return result == pid ? status : -1;
        if (patience >= 2)
            RAW(SYS_kill, pid, SIGKILL, 0);
    }
    return -1;
}

static void timer_start(void)
{
    struct itimerval patience = {{0, PATIENCE}, {0, PATIENCE}};

    RAW(SYS_setitimer, ITIMER_REAL, &patience, 0);
}

static void child_perform(struct call *call, const struct row *row)
{
    uint32_t pid = RAW(SYS_fork, 0, 0, 0);

    if (pid == 0) {
        own_pid = RAW(SYS_getpid, 0, 0, 0);
        timer_start();
        call_child_ends = shares_its_stack(call->number);
        if (call->number == SYS_sigreturn || call->number == SYS_rt_sigreturn)
            sigreturn_perform(call);
        else
            perform(call, row);
        RAW(SYS_exit_group, CHILD_GOOD, 0, 0);
    }
    if (is_error(pid))
        return;
    int status = child_wait(pid);
    int wanted = call->number == SYS_execve ? BAD_USAGE : CHILD_GOOD;
    bool exits = call->number == SYS_exit || call->number == SYS_exit_group;
    if (ends_its_caller(call->number) && WIFEXITED(status) &&
        (exits || WEXITSTATUS(status) == wanted))
        ledger->succeeded[call->number]++;
}

/* ---- the share ----------------------------------------------------------- */

static void on_alarm(int number)
{
    (void)number;
}

/* What calls have spoilt: the timer, its handler, the mask. */
static void repair(void)
{
    uint32_t action[5] = {(uint32_t)(uintptr_t)on_alarm};
    struct call set = {
        .number = SYS_rt_sigaction,
        .words = {SIGALRM, (uint32_t)(uintptr_t)action, 0, 8, 0, 0}};

    call_make(&set);
    mask_set(0);
    timer_start();
}

static void other_start(void)
{
    other_pid = RAW(SYS_fork, 0, 0, 0);
    if (other_pid == 0)
        for (;;)
            RAW(SYS_pause, 0, 0, 0);
}

static void calls_make(void)
{
    struct call call = {0};

    for (int left = SHARE; left > 0; left--) {
        repair();
        const struct row *row = call_draw(&call);

        tame(&call, row);
        if (ends_its_caller(call.number) || shares_its_stack(call.number) ||
            is_dangerous(call.number)) {
            child_perform(&call, row);
            continue;
        }
        perform(&call, row);
        if (call.number == SYS_fork && call.result == 0) {
            own_pid = RAW(SYS_getpid, 0, 0, 0);
            left = left < 6 ? left : 6;
            repair();
        }
    }
}

/* Takes nearly all the memory there is: calls of this share, and of others,
 * fail for want of it, until the kernel ends somebody for it. The last share
 * of a round does so, for its children keep the memory until the round ends.
 */
static void memory_take(void)
{
    enum { CHUNK = 8 * PAGE, LEFT = 12 * PAGE };
    struct sysinfo info;

    for (;;) {
        char *chunk = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (chunk == MAP_FAILED || sysinfo(&info) < 0 || info.freeram < LEFT)
            return;
        for (int i = 0; i < CHUNK; i += PAGE)
            chunk[i] = 1;
    }
}

static _Noreturn void twin_run(void)
{
    repair();
    calls_make();
    RAW(SYS_exit_group, 0, 0, 0);
    __builtin_trap();
}

_Noreturn void share_run(uint64_t seed, uint32_t number, int job, int fixed_fd)
{
    char name[16];

    share.number = number;
    share.job = job;
    share.as_root = number % 2 == 0;
    share.fails = number % 3 == 0;
    share.keeper = getppid();
    world_enter(job, fixed_fd, share.as_root);
    for (int signal = 1; signal < 32; signal++)
        RAW(SYS_signal, signal, SIG_DFL, 0);
    snprintf(name, sizeof name, "wild %u", number);
    prctl(PR_SET_NAME, name);
    own_pid = getpid();
    wild_seed(seed + (uint64_t)number * 0x9e3779b97f4a7c15ull);
    other_start();
    if (number % ROUND == ROUND - 1)
        memory_take();
    repair();
    if (number % 4 == 1)
        twin_start(twin_run, twin_stack + sizeof twin_stack);
    calls_make();
    RAW(SYS_kill, other_pid, SIGKILL, 0);
    RAW(SYS_exit_group, 0, 0, 0);
    __builtin_trap();
}
