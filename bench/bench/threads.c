/*
 * Threads of one process, made with the flags that C libraries use, and words
 * that they wait on.
 */
#include "measure.h"

#include <asm/ldt.h>
#include <linux/futex.h>
#include <linux/sched.h>

#define FLAGS                                                                  \
    (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |        \
     CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID |                      \
     CLONE_CHILD_CLEARTID)

static struct user_desc storage;
static uint32_t tid;

/* Before the first thread: all of ours use the storage of the first. */
static void prepare(void)
{
    uint32_t selector;

    __asm__("movl %%gs, %0" : "=r"(selector));
    storage.entry_number = selector >> 3;
    check(call(SYS_get_thread_area, (long)&storage, 0, 0), "get_thread_area");
}

/* Runs a function on a stack of its own, which the next one uses again. */
static void thread_start(void (*function)(void))
{
    static char stack[4 * PAGE] __attribute__((aligned(16)));
    void **top = (void **)(stack + sizeof(stack)) - 4;
    long result;

    *top = (void *)function;
    __asm__ volatile("int $0x80\n\t"
                     "testl %%eax, %%eax\n\t"
                     "jnz 1f\n\t"
                     "popl %%eax\n\t"
                     "call *%%eax\n\t"
                     "movl $1, %%eax\n\t" /* exit */
                     "int $0x80\n"
                     "1:"
                     : "=a"(result)
                     : "a"(SYS_clone), "b"(FLAGS), "c"(top), "d"(&tid),
                       "S"(&storage), "D"(&tid)
                     : "memory");
    check(result, "clone");
}

static void wait_while(uint32_t *word, uint32_t value, long flags)
{
    while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == value) {
        register long timeout __asm__("esi") = 0;
        long result;
        __asm__ volatile("int $0x80"
                         : "=a"(result)
                         : "a"(SYS_futex), "b"(word), "c"(FUTEX_WAIT | flags),
                           "d"(value), "r"(timeout)
                         : "memory");
    }
}

static void thread_join(void)
{
    uint32_t seen = __atomic_load_n(&tid, __ATOMIC_SEQ_CST);

    if (seen != 0)
        wait_while(&tid, seen, 0);
}

static void nothing(void)
{
}

static void create_and_join(void)
{
    thread_start(nothing);
    thread_join();
}

uint64_t row_thread_create(void)
{
    prepare();
    return median_of(512, create_and_join);
}

static uint32_t words[2];

static void wake(void)
{
    call(SYS_futex, (long)words, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
}

uint64_t row_futex_wake(void)
{
    return median_of(512, wake);
}

enum { ROUNDS = 1000 };

/* Waits for its word to be set, takes that back, sets the other's. */
static void pass_on(uint32_t *mine, uint32_t *other)
{
    for (int i = 0; i < ROUNDS; i++) {
        wait_while(mine, 0, FUTEX_PRIVATE_FLAG);
        __atomic_store_n(mine, 0, __ATOMIC_SEQ_CST);
        __atomic_store_n(other, 1, __ATOMIC_SEQ_CST);
        call(SYS_futex, (long)other, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
    }
}

static void partner(void)
{
    pass_on(&words[1], &words[0]);
}

uint64_t row_futex_pingpong(void)
{
    prepare();
    thread_start(partner);
    call(SYS_sched_yield, 0, 0, 0);
    uint64_t start = count_now();
    words[0] = 1;
    pass_on(&words[0], &words[1]);
    uint64_t cost = count_now() - start;
    thread_join();
    operations = ROUNDS;
    return cost / ROUNDS;
}
