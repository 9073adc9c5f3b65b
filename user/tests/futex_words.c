/* The operations of futex itself: what they answer, whom they wake, whom they
 * move, in words of one process and in words that two share. */
#include "thread.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>

#define CREW 5

static uint32_t words[2];
static uint32_t *word = words;
static int private = FUTEX_PRIVATE_FLAG;
static uint32_t masks[CREW] = {1, 2, 4, 1, 8};
static volatile int up[CREW];

static long futex(uint32_t *at, int op, uint32_t value, const void *timeout,
                  uint32_t *second, uint32_t value3)
{
    return syscall(FUTEX_CALL, at, op | private, value, timeout, second,
                   value3);
}

/* ---- what comes back at once ---- */

static void answers(void)
{
    struct timespec none = {0, 0}, wrong = {0, 1000000000}, past = {1, 0};

    *word = 7;
    TRY(futex(word, FUTEX_WAIT, 6, NULL, NULL, 0));
    TRY(futex(word, FUTEX_WAIT, 7, &none, NULL, 0));
    TRY(futex(word, FUTEX_WAIT, 7, &wrong, NULL, 0));
    TRY(futex(word, FUTEX_WAIT_BITSET, 7, &past, NULL, 1));
    TRY(futex(word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 7, &past, NULL,
              1));
    TRY(futex(word, FUTEX_WAIT_BITSET, 7, NULL, NULL, 0));
    TRY(futex(word, FUTEX_WAKE, 1, NULL, NULL, 0));
    TRY(futex(word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0));
    TRY(futex((uint32_t *)((char *)word + 1), FUTEX_WAIT, 7, NULL, NULL, 0));
    TRY(futex((uint32_t *)16, FUTEX_WAIT, 7, NULL, NULL, 0));
    TRY(futex(word, FUTEX_REQUEUE, 1, (void *)-1, word, 0));
    TRY(futex(word, FUTEX_CMP_REQUEUE, 1, (void *)1, word + 1, 8));
    TRY(futex(word, FUTEX_CMP_REQUEUE, 1, (void *)1, word + 1, 7));
    TRY(futex(word, 99, 1, NULL, NULL, 0));
}

/* ---- who wakes, who is moved ---- */

static void *sleeper(void *argument)
{
    int number = (int)(intptr_t)argument;

    up[number] = (int)syscall(SYS_gettid);
    while (futex(word, FUTEX_WAIT_BITSET, 1, NULL, NULL, masks[number]) < 0 &&
           errno == EINTR)
        ;
    up[number] = -1;
    return NULL;
}

static int awake(void)
{
    int count = 0;

    for (int i = 0; i < CREW; i++)
        count += up[i] == -1;
    return count;
}

static void awake_are(int expected)
{
    for (int tries = 0; tries < 2000 && awake() != expected; tries++)
        usleep(1000);
    say("  awake: %d", awake());
}

static pthread_t crew[CREW];

/* They stand in line in the order of their numbers. */
static void crew_sleeps(const char *title)
{
    say("%s", title);
    *word = 1;
    for (int i = 0; i < CREW; i++) {
        up[i] = 0;
        pthread_create(&crew[i], NULL, sleeper, (void *)(intptr_t)i);
        while (up[i] == 0 || !thread_sleeps(up[i]))
            usleep(500);
    }
}

static void crew_ends(void)
{
    for (int i = 0; i < CREW; i++)
        pthread_join(crew[i], NULL);
}

static void wakes(void)
{
    crew_sleeps("wake");
    TRY(futex(word, FUTEX_WAKE, 0, NULL, NULL, 0));
    awake_are(1);
    TRY(futex(word, FUTEX_WAKE, -1, NULL, NULL, 0));
    awake_are(2);
    say("  the first two: %d", up[0] == -1 && up[1] == -1);
    TRY(futex(word, FUTEX_WAKE, 0x7fffffff, NULL, NULL, 0));
    awake_are(CREW);
    crew_ends();
    crew_sleeps("wake by mask");
    TRY(futex(word, FUTEX_WAKE_BITSET, 10, NULL, NULL, 1));
    awake_are(2);
    say("  the right two: %d", up[0] == -1 && up[3] == -1);
    TRY(futex(word, FUTEX_WAKE_BITSET, 10, NULL, NULL, 16));
    TRY(futex(word, FUTEX_WAKE, 10, NULL, NULL, 0));
    crew_ends();
}

static void moves(void)
{
    crew_sleeps("move");
    TRY(futex(word, FUTEX_CMP_REQUEUE, 1, (void *)2, word + 1, 1));
    awake_are(1);
    TRY(futex(word + 1, FUTEX_WAKE, 10, NULL, NULL, 0));
    awake_are(3);
    TRY(futex(word, FUTEX_REQUEUE, 0, (void *)10, word + 1, 0));
    awake_are(3);
    TRY(futex(word, FUTEX_WAKE, 10, NULL, NULL, 0));
    TRY(futex(word + 1, FUTEX_WAKE, 10, NULL, NULL, 0));
    awake_are(CREW);
    crew_ends();
    crew_sleeps("move to itself");
    TRY(futex(word, FUTEX_REQUEUE, 1, (void *)10, word, 0));
    awake_are(1);
    TRY(futex(word, FUTEX_WAKE, 10, NULL, NULL, 0));
    crew_ends();
}

/* ---- wake_op ---- */

static void changed_by(uint32_t operation, uint32_t before)
{
    word[1] = before;
    long result = futex(word, FUTEX_WAKE_OP, 1, (void *)1, word + 1, operation);
    if (result < 0)
        say("  %s", error_name(errno));
    else
        say("  %x becomes %x", before, word[1]);
}

static void changes(void)
{
    say("wake and change");
    changed_by(FUTEX_OP(FUTEX_OP_SET, 5, FUTEX_OP_CMP_EQ, 0), 0x10);
    changed_by(FUTEX_OP(FUTEX_OP_ADD, 5, FUTEX_OP_CMP_EQ, 0), 0x10);
    changed_by(FUTEX_OP(FUTEX_OP_ADD, 0xfff, FUTEX_OP_CMP_EQ, 0), 0x10);
    changed_by(FUTEX_OP(FUTEX_OP_OR, 5, FUTEX_OP_CMP_EQ, 0), 0x10);
    changed_by(FUTEX_OP(FUTEX_OP_ANDN, 0x10, FUTEX_OP_CMP_EQ, 0), 0x11);
    changed_by(FUTEX_OP(FUTEX_OP_XOR, 0x11, FUTEX_OP_CMP_EQ, 0), 0x10);
    changed_by(
        FUTEX_OP((FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT), 12, FUTEX_OP_CMP_EQ, 0),
        1);
    changed_by(FUTEX_OP(7, 1, FUTEX_OP_CMP_EQ, 0), 0x10);
    crew_sleeps("the comparison fails");
    word[1] = 3;
    TRY(futex(word + 1, FUTEX_WAKE_OP, 1, (void *)10, word,
              FUTEX_OP(FUTEX_OP_SET, 1, FUTEX_OP_CMP_LT, 1)));
    awake_are(0);
    TRY(futex(word + 1, FUTEX_WAKE_OP, 1, (void *)10, word,
              FUTEX_OP(FUTEX_OP_SET, 1, FUTEX_OP_CMP_GE, 1)));
    awake_are(CREW);
    crew_ends();
}

/* ---- two processes ---- */

static void between_processes(void)
{
    uint32_t *ours = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status;

    private = 0;
    for (int round = 0; round < 100; round++) {
        ours[0] = 0;
        pid_t pid = MUST(fork());
        if (pid == 0) {
            while (__atomic_load_n(&ours[0], __ATOMIC_SEQ_CST) == 0)
                futex(&ours[0], FUTEX_WAIT, 0, NULL, NULL, 0);
            _exit(0);
        }
        if (round % 2)
            sched_yield();
        __atomic_store_n(&ours[0], 1, __ATOMIC_SEQ_CST);
        futex(&ours[0], FUTEX_WAKE, 1, NULL, NULL, 0);
        MUST(waitpid(pid, &status, 0));
        if (status != 0)
            say_status("child", status);
    }
    say("two processes met");
}

static void *late(void *argument)
{
    usleep(3000);
    if (argument)
        pthread_kill(*(pthread_t *)argument, SIGUSR1);
    usleep(5000);
    __atomic_store_n(word, 2, __ATOMIC_SEQ_CST);
    futex(word, FUTEX_WAKE, 1, NULL, NULL, 0);
    return NULL;
}

static void ignore(int signal)
{
    (void)signal;
}

/* A handler ends a wait that has a timeout, and one that has none unless it
 * asks for calls to be restarted. */
static void interrupted_by(int flags, const struct timespec *timeout)
{
    pthread_t self = pthread_self(), thread;

    handler_set(SIGUSR1, ignore, flags);
    *word = 1;
    pthread_create(&thread, NULL, late, &self);
    TRY(futex(word, FUTEX_WAIT, 1, timeout, NULL, 0));
    pthread_join(thread, NULL);
}

/* ---- words that are not there ---- */

static void places(void)
{
    uint32_t *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    MUST((intptr_t)page);
    MUST(mprotect(page, 4096, PROT_READ));
    TRY(futex(page, FUTEX_WAKE, 1, NULL, NULL, 0));
    TRY(futex(page, FUTEX_WAIT, 1, NULL, NULL, 0));
    MUST(mprotect(page, 4096, PROT_NONE));
    TRY(futex(page, FUTEX_WAKE, 1, NULL, NULL, 0));
    TRY(futex(page, FUTEX_WAIT, 1, NULL, NULL, 0));
    TRY(futex(words, FUTEX_REQUEUE, 1, (void *)1, page, 0));
    MUST(munmap(page, 4096));
    TRY(futex(page, FUTEX_WAKE, 1, NULL, NULL, 0));
    TRY(futex(page, FUTEX_WAIT, 1, NULL, NULL, 0));
    TRY(futex(words, FUTEX_REQUEUE, 1, (void *)1, page, 0));
    TRY(futex(page, FUTEX_REQUEUE, 1, (void *)1, words, 0));
}

/* ---- which word is which ---- */

/* A page of a file is one place, at whatever addresses it is mapped; another
 * page at the same distance is another one. */
static void by_place(void)
{
    char path[] = "/tmp/futex_words-XXXXXX";
    int fd = MUST(mkstemp(path)), wrong = 0, right;

    MUST(unlink(path));
    MUST(ftruncate(fd, 8192));
    uint32_t *both =
        mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    uint32_t *second =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4096);
    pid_t pid = MUST(fork());

    if (pid == 0)
        _exit(futex(second, FUTEX_WAIT, 0, NULL, NULL, 0) != 0);
    do {
        wrong += futex(both, FUTEX_WAKE, 1, NULL, NULL, 0);
        right = futex(both + 1024, FUTEX_WAKE, 1, NULL, NULL, 0);
        usleep(1000);
    } while (right == 0);
    MUST(waitpid(pid, NULL, 0));
    say("woken by another address of it: %d, by another place: %d", right,
        wrong);
}

/* The same address in another process, of a word that is not shared */
static void by_process(void)
{
    int woken = 0;
    pid_t pid = MUST(fork());

    if (pid == 0)
        _exit(futex(words, FUTEX_WAIT, words[0], NULL, NULL, 0) != 0);
    for (int i = 0; i < 100; i++) {
        usleep(1000);
        woken += futex(words, FUTEX_WAKE, 1, NULL, NULL, 0);
    }
    MUST(kill(pid, SIGKILL));
    MUST(waitpid(pid, NULL, 0));
    say("woken by another process's word: %d", woken);
}

int main(void)
{
    struct timespec long_time = {100, 0};

    answers();
    places();
    by_process();
    wakes();
    moves();
    changes();
    interrupted_by(0, NULL);
    interrupted_by(SA_RESTART, NULL);
    interrupted_by(SA_RESTART, &long_time);
    word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                -1, 0);
    private = 0;
    places();
    by_place();
    by_process();
    wakes();
    moves();
    between_processes();
    return 0;
}
