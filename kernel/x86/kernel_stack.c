/*
 * Kernel stacks: slots of the stack area, mapped the first time they are
 * needed and never unmapped.
 *
 *      slot + 4 * PAGE_SIZE  +-----------------+
 *                            | stack, grows    |
 *                            | down            |
 *      slot + 2 * PAGE_SIZE  | struct stack_base
 *                            +-----------------+
 *                            | never mapped    |  a stack that overflows
 *      slot                  +-----------------+  faults here
 *
 * Spare stacks hang in a list a CPU, linked through their lowest words, with
 * a common list behind them.
 */
#include "x86/kernel_stack.h"
#include "core/panic.h"
#include "core/spinlock.h"
#include "mem/frame.h"
#include "mem/inject.h"
#include "x86/page_table.h"

#define POOL_MAX 32 /* spare stacks that one CPU keeps */

/* What a spare stack's base holds instead of a struct stack_base. */
struct spare_stack {
    struct spare_stack *next;
};

static struct stack_pool {
    struct spare_stack *first;
    u32 spare;
    s32 handed_out; /* by this CPU, minus those that it took back */
} pools[CPU_MAX];   /* its own CPU's, preemption off */

static struct spinlock common_lock = SPINLOCK_INITIALIZER(RANK_STACK_POOL);
static struct spare_stack *common_first; /* common_lock */
static u32 common_spare;                 /* common_lock */
static u32 next_slot = STACK_AREA_START; /* common_lock */

static struct spare_stack *common_take(void)
{
    spin_lock(&common_lock);
    struct spare_stack *stack = common_first;

    if (stack) {
        common_first = stack->next;
        common_spare--;
    }
    spin_unlock(&common_lock);
    return stack;
}

static void common_give(struct spare_stack *stack)
{
    spin_lock(&common_lock);
    stack->next = common_first;
    common_first = stack;
    common_spare++;
    spin_unlock(&common_lock);
}

/* The next slot that was never used, or 0. */
static u32 slot_take(void)
{
    u32 slot = 0;

    spin_lock(&common_lock);
    if (next_slot < STACK_AREA_END) {
        slot = next_slot;
        next_slot += STACK_SLOT_SIZE;
    }
    spin_unlock(&common_lock);
    return slot;
}

static void page_put_in(u32 address, struct frame *frame)
{
    page_table_entry *entry = page_table_find(&kernel_page_table, address);

    assert(entry && *entry == 0);
    *entry = frame_physical(frame) | PTE_PRESENT | PTE_WRITE | PTE_GLOBAL;
}

/* Frames first: a slot that was taken is never given back. */
static struct spare_stack *stack_map_new(void)
{
    struct frame *low = frame_alloc(), *high = frame_alloc();
    u32 slot = low && high ? slot_take() : 0;

    if (slot == 0) {
        if (low)
            frame_put(low);
        if (high)
            frame_put(high);
        return NULL;
    }
    u32 base = slot + STACK_SIZE;
    page_put_in(base, low);
    page_put_in(base + PAGE_SIZE, high);
    return (struct spare_stack *)(uintptr_t)base;
}

struct stack_base *kernel_stack_alloc(void)
{
    if (allocation_must_fail())
        return NULL;
    preempt_disable();
    struct stack_pool *pool = &pools[this_cpu()->index];
    struct spare_stack *stack = pool->first;

    if (likely(stack)) {
        pool->first = stack->next;
        pool->spare--;
    } else {
        stack = common_take();
        if (!stack)
            stack = stack_map_new();
    }
    if (stack)
        pool->handed_out++;
    preempt_enable();
    struct stack_base *base = (struct stack_base *)stack;
    if (base) {
        base->preempt_depth = 0;
        base->canary = STACK_CANARY;
    }
    return base;
}

void kernel_stack_free(struct stack_base *base)
{
    struct spare_stack *stack = (struct spare_stack *)base;

    assert(base->canary == STACK_CANARY);
    preempt_disable();
    struct stack_pool *pool = &pools[this_cpu()->index];

    pool->handed_out--;
    if (likely(pool->spare < POOL_MAX)) {
        stack->next = pool->first;
        pool->first = stack;
        pool->spare++;
    } else {
        common_give(stack);
    }
    preempt_enable();
}

u32 kernel_stack_count(void)
{
    s32 sum = 0;

    for (u32 i = 0; i < CPU_MAX; i++)
        sum += pools[i].handed_out;
    return (u32)sum;
}

u32 kernel_stack_spare_count(void)
{
    u32 sum = common_spare;

    for (u32 i = 0; i < CPU_MAX; i++)
        sum += pools[i].spare;
    return sum;
}
