/*
 * Every system call survives every argument: no panic, no leak.
 *
 *     wild_calls SEED COUNT SECONDS [SHARE]
 *
 * makes COUNT calls of all numbers, or as many as SECONDS allow; fewer than
 * ENOUGH of those that were asked for are a failure. They are made in shares,
 * each by a child in a world of its own, JOBS of them at a time. What a share
 * calls follows from SEED and its number alone; its processes are named after
 * it, so a panic says which it was, and SHARE makes it the first.
 *
 * The keeper, which only watches, holds the kernel to these rules: a result is
 * no error but a known one; registers and flags survive; a page that may only
 * be read does not change, nor does memory of a process that has nothing to do
 * with it; and after each round of shares, when all their processes are gone,
 * the kernel's books are what they were.
 */
/* only: spindle */
/* arguments: 1 100000 90 */
/* long-arguments: 7 3000000 300 */
/* long-in: default smp4 kasan qemu32 */
/* mem: 24 */
/* timeout: 120 */
#include "wild.h"

#include "../say.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/time.h>
#include <time.h>

/* Microseconds; how many without a call mean that a share is stuck, and how
 * many before its first one. */
enum { TICK = 5000, STUCK_TICKS = 4, START_TICKS = 2000 };

/* So many calls show which of the table come to something; so many are made,
 * if as many are asked for, however long that takes. */
enum { BOOKS = 512, ENOUGH = 100000, LEAST = 1000000 };

static struct {
    uint64_t seed;
    uint32_t next_share;
    int fixed_fd, fixed_read_fd;
    char *fixed;
} keeper;

static char bystander[4 * PAGE]; /* memory that every child inherits */

static void page_fill(char *page, uint32_t salt)
{
    for (uint32_t i = 0; i < PAGE; i++)
        page[i] = (i * 7 + salt) % 251;
}

static bool page_is_whole(const char *page, uint32_t salt)
{
    for (uint32_t i = 0; i < PAGE; i++)
        if (page[i] != (char)((i * 7 + salt) % 251))
            return false;
    return true;
}

static uint32_t calls_made(void)
{
    uint32_t sum = 0;

    for (int i = 0; i < JOBS; i++)
        sum += ledger->made[i];
    return sum;
}

/* ---- watching ------------------------------------------------------------ */

static struct job {
    pid_t pid;            /* 0: over */
    uint32_t first, seen; /* calls made */
    int stuck;
} jobs[JOBS];

static void on_tick(int number)
{
    (void)number;
}

static void jobs_tick(void)
{
    for (int i = 0; i < JOBS; i++) {
        struct job *job = &jobs[i];

        job->stuck = ledger->made[i] == job->seen ? job->stuck + 1 : 0;
        job->seen = ledger->made[i];
        if (job->pid &&
            job->stuck >= (job->seen == job->first ? START_TICKS : STUCK_TICKS))
            kill(job->pid, SIGKILL);
    }
}

static void job_start(int slot)
{
    jobs[slot] = (struct job){.first = ledger->made[slot]};
    jobs[slot].pid = fork();
    if (jobs[slot].pid == 0)
        share_run(keeper.seed, keeper.next_share, slot, keeper.fixed_read_fd);
    if (jobs[slot].pid < 0) /* no memory */
        jobs[slot].pid = 0;
    keeper.next_share++;
}

static void job_end(pid_t pid)
{
    for (int i = 0; i < JOBS; i++)
        if (jobs[i].pid == pid) {
            jobs[i].pid = 0;
            world_leave(i);
        }
}

/* One share after the other in each slot, as long as there is something to
 * do, then until the last has ended. */
static void jobs_run(uint32_t last_share, uint32_t total)
{
    struct itimerval tick = {{0, TICK}, {0, TICK}}, none = {{0}, {0}};

    setitimer(ITIMER_REAL, &tick, NULL);
    for (;;) {
        int running = 0;

        for (int i = 0; i < JOBS; i++) {
            if (!jobs[i].pid && keeper.next_share <= last_share &&
                calls_made() < total && !ledger->broken)
                job_start(i);
            running += jobs[i].pid != 0;
        }
        if (running == 0)
            break;
        pid_t ended = waitpid(-1, NULL, 0);

        if (ended > 0)
            job_end(ended);
        else
            jobs_tick();
    }
    setitimer(ITIMER_REAL, &none, NULL);
}

/* ---- judging ------------------------------------------------------------- */

static bool rules_hold(void)
{
    const struct call *call = &ledger->call;

    if (!page_is_whole(keeper.fixed, 1)) {
        say("a page that may only be read has changed");
        return false;
    }
    for (int i = 0; i < 4; i++)
        if (!page_is_whole(bystander + i * PAGE, i + 2)) {
            say("a bystander's memory has changed");
            return false;
        }
    if (ledger->broken)
        say("share %u: %s: call %u(%x, %x, %x, %x, %x, %x) = %d; registers "
            "%x %x %x %x %x %x, flags %x",
            ledger->share, ledger->rule, call->number, call->words[0],
            call->words[1], call->words[2], call->words[3], call->words[4],
            call->words[5], call->result, call->ebx, call->ecx, call->edx,
            call->esi, call->edi, call->ebp, call->eflags);
    return !ledger->broken;
}

static void books_read(char *books)
{
    int fd = MUST(open("/proc/books", O_RDONLY));
    ssize_t length = MUST(read(fd, books, BOOKS - 1));

    books[length] = '\0';
    close(fd);
}

/* The first round warms up: what it leaves is the kernel's to keep. Of the
 * orphans, init may have let go of the number, but not yet of the rest. */
static bool books_balance(void)
{
    static char before[BOOKS], now[BOOKS];

    if (!before[0])
        books_read(before);
    for (int patience = 0; patience < 1000; patience++) {
        books_read(now);
        if (strcmp(before, now) == 0)
            return true;
        usleep(1000);
    }
    say("the books, before:\n%snow:\n%s", before, now);
    return false;
}

/* Some shares, and what they leave; whether all was well. */
static bool round_run(uint32_t total)
{
    uint32_t first = keeper.next_share;

    jobs_run(first + ROUND - 1, total);
    while (kill(-1, SIGKILL) == 0) /* all that is left, but for us and init */
        usleep(1000);
    bool rules = rules_hold(), books = books_balance();
    if (!rules || !books)
        say("seed %llu, shares %u to %u", keeper.seed, first,
            keeper.next_share - 1);
    return rules && books;
}

/* ---- the whole ----------------------------------------------------------- */

/* Pages of ours that are first written later would look like a leak. */
static void pages_touch(void)
{
    char stack[16 * PAGE];

    memset(ledger, 0, sizeof *ledger);
    memset(stack, 0, sizeof stack);
    __asm__ volatile("" ::"r"(stack) : "memory");
}

static void keeper_start(void)
{
    ledger = mmap(NULL, sizeof(*ledger), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    keeper.fixed_fd = MUST(open("/tmp/fixed", O_RDWR | O_CREAT, 0600));
    keeper.fixed_read_fd = MUST(open("/tmp/fixed", O_RDONLY));
    MUST(unlink("/tmp/fixed"));
    MUST(ftruncate(keeper.fixed_fd, PAGE));
    keeper.fixed = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
                        keeper.fixed_fd, 0);
    page_fill(keeper.fixed, 1);
    for (int i = 0; i < 4; i++)
        page_fill(bystander + i * PAGE, i + 2);
    for (int signal = 1; signal < 65; signal++)
        if (signal != SIGCHLD && signal != SIGALRM)
            sigaction(signal, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    handler_set(SIGALRM, on_tick, 0);
    pages_touch();
}

/* Which calls of the table never came to anything: a few cannot, but where
 * there are many, the arguments are not good enough. */
static bool coverage_is_good(void)
{
    char names[2048] = "";
    int never = 0;

    for (int i = 0; i < row_count; i++)
        if (!ledger->succeeded[rows[i].number]) {
            snprintf(names + strlen(names), sizeof names - strlen(names), " %s",
                     rows[i].name);
            never++;
        }
    say("%d of %d calls have succeeded%s%s", row_count - never, row_count,
        never ? ", never:" : "", names);
    return never <= row_count / 10;
}

static uint64_t number_of(int count, char **arguments, int index)
{
    uint64_t number = 0;
    char more;

    if (index >= count)
        return 0;
    if (sscanf(arguments[index], "%llu%c", &number, &more) != 1)
        _exit(2);
    return number;
}

int main(int count, char **arguments)
{
    struct timespec start, now;

    if (count < 4)
        return 2;
    keeper.seed = number_of(count, arguments, 1);
    uint32_t total = number_of(count, arguments, 2);
    time_t seconds = number_of(count, arguments, 3);
    keeper.next_share = number_of(count, arguments, 4);
    keeper_start();
    clock_gettime(CLOCK_MONOTONIC, &start);
    bool good = true;
    do {
        good = round_run(total);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (good && calls_made() < total &&
             (calls_made() < LEAST || now.tv_sec - start.tv_sec < seconds));
    say("seed %llu: %u calls in %u shares", keeper.seed, calls_made(),
        keeper.next_share);
    good = (total < ENOUGH || coverage_is_good()) && good;
    say(good ? "pass" : "fail");
    return !good;
}
