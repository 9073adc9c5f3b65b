/*
 * Rules that, broken, end the machine: each of these panics is the proof that
 * somebody looks. Each runs in a machine of its own, chosen by name.
 */
#include "sched/mutex.h"
#include "sched/thread.h"
#include "test/test.h"
#include "test/test_vm.h"

static struct spinlock outer = SPINLOCK_INITIALIZER(RANK_FRAME);
static struct spinlock inner = SPINLOCK_INITIALIZER(RANK_PRINTK);

TEST_PANICS(lock_order, "spinlocks are taken from the higher rank down")
{
    spin_lock(&inner);
    spin_lock(&outer);
}

TEST_PANICS(lock_twice, "a spinlock is not taken by who holds it")
{
    spin_lock(&outer);
    spin_lock(&outer);
}

TEST_PANICS(lock_foreign, "a spinlock is released by who holds it")
{
    spin_lock(&outer);
    spin_unlock(&inner);
}

TEST_PANICS(lock_sleep, "nobody sleeps with a spinlock held")
{
    spin_lock(&outer);
    thread_park();
}

TEST_PANICS(mutex_order, "mutexes are taken from the higher rank down")
{
    struct mutex low, high;

    mutex_initialize(&low, RANK_ADDRESS_SPACE);
    mutex_initialize(&high, RANK_ADDRESS_SPACE + 1);
    mutex_lock(&low);
    mutex_lock(&high);
    mutex_lock(&low);
}

TEST_PANICS(undefined, "CHECKED builds see undefined behaviour")
{
    volatile s32 most = INT32_MAX;

    most = most + 1;
}

/* A space with one page, current from now on. */
static volatile u32 *user_page(void)
{
    struct address_space *space = address_space_create();
    struct mapping mapping = {.size = PAGE_SIZE,
                              .flags = AREA_READ | AREA_WRITE | AREA_EXECUTE,
                              .may = AREA_READ | AREA_WRITE | AREA_EXECUTE};
    u32 address = 0, code = 0xc3; /* RET */

    EXPECT_EQUAL(address_space_map(space, &mapping, &address), 0);
    EXPECT_EQUAL(space_store(space, address, code), 0);
    thread_use_page_table(&space->page_table);
    return (volatile u32 *)(uintptr_t)address;
}

TEST_PANICS(user_read, "SMAP: the kernel reads user memory only where it says "
                       "so")
{
    (void)*user_page();
}

TEST_PANICS(user_call, "SMEP: the kernel runs no user code")
{
    ((void (*)(void))(uintptr_t)user_page())();
}
