/*
 * The life of a thread: made, started, ended, freed; and the list of all.
 *
 * A thread's memory belongs to who prepared it and lives while there are
 * references: the maker's, and one of the scheduler's from thread_start until
 * another thread runs on another stack. It counts against the limit and
 * stands in the list from thread_prepare until it retires. Idle threads do
 * neither: they are part of their CPU.
 */
#include "sched/thread.h"
#include "core/boot_info.h"
#include "core/panic.h"
#include "core/printk.h"
#include "lib/format.h"
#include "lib/string.h"
#include "mem/heap.h"
#include "sched/scheduler.h"
#include "sched/timer.h"
#include "sched/wait_queue.h"
#include "x86/switch.h"
#include <asm/errno.h>

#define THREAD_LIMIT_LEAST   32
#define THREAD_LIMIT_DEFAULT 4096
#define THREAD_LIMIT_MOST                                                      \
    ((STACK_AREA_END - STACK_AREA_START) / STACK_SLOT_SIZE)

static struct spinlock threads_lock = SPINLOCK_INITIALIZER(RANK_THREAD_LIST);
static struct list threads = LIST_INITIALIZER(threads); /* threads_lock */
static u32 count;                                       /* threads_lock */
static u32 retired, buried;                             /* threads_lock */
static struct wait_queue burials;
static u32 limit;

static struct thread idle_threads[CPU_MAX];

/* As the run queue knows it: an overflow has destroyed the stack's base. */
static void current_print(const struct trap_frame *frame)
{
    const struct thread *thread = run_queue_here()->current;

    if (thread)
        printk("  %s, %u switches on cpu %u\n", thread->name,
               (u32)this_cpu()->switches, this_cpu()->index);
}

static struct panic_section current_section = {
    .title = "thread",
    .print = current_print,
};

void threads_start_cpu(void)
{
    struct cpu *cpu = this_cpu();
    struct thread *idle = &idle_threads[cpu->index];

    format_text(idle->name, sizeof(idle->name), "idle/%u", cpu->index);
    idle->state = THREAD_RUNNING;
    idle->cpu = cpu;
    idle->affinity = 1u << cpu->index;
    idle->references = 1;
    idle->stack = stack_base();
    idle->stack->thread = idle;
    list_initialize(&idle->all);
    list_initialize(&idle->entity.link);
    scheduler_start(cpu, idle);
    timers_start(cpu);
}

void threads_start(void)
{
    limit = boot_option_u32("threads", THREAD_LIMIT_DEFAULT, THREAD_LIMIT_LEAST,
                            THREAD_LIMIT_MOST);
    wait_queue_initialize(&burials, &threads_lock);
    threads_start_cpu();
    panic_section_register(&current_section);
}

/* ---- making -------------------------------------------------------------- */

static int thread_enlist(struct thread *thread)
{
    int result = -EAGAIN;

    spin_lock(&threads_lock);
    if (count < limit) {
        count++;
        list_add_last(&threads, &thread->all);
        result = 0;
    }
    spin_unlock(&threads_lock);
    return result;
}

static by_registers void thread_begin(void *argument)
{
    struct thread *thread = argument;

    scheduler_arrive();
    thread->function(thread->argument);
    thread_exit();
}

int thread_prepare(struct thread *thread, const char *name,
                   void (*function)(void *argument), void *argument,
                   void (*release)(struct thread *thread))
{
    struct stack_base *stack = kernel_stack_alloc();

    if (!stack)
        return -ENOMEM;
    *thread = (struct thread){
        .stack = stack,
        .function = function,
        .argument = argument,
        .references = 1,
        .release = release,
        .cpu = &cpus[0],
        .affinity = CPU_ALL,
        .priority = PRIORITY_NORMAL,
        .own_priority = PRIORITY_NORMAL,
        .takes_turns = true,
    };
    int result = thread_enlist(thread);
    if (result < 0) {
        kernel_stack_free(stack);
        return result;
    }
    stack->thread = thread;
    stack->fail_after = 0;
    string_copy(thread->name, name, sizeof(thread->name));
    thread->stack_pointer = context_prepare(
        (u32)(uintptr_t)thread_user_frame(thread), thread_begin, thread);
    return 0;
}

void thread_abandon(struct thread *thread)
{
    assert(thread->state == THREAD_NEW && thread->references == 1);
    spin_lock(&threads_lock);
    count--;
    list_remove(&thread->all);
    spin_unlock(&threads_lock);
    kernel_stack_free(thread->stack);
    thread->stack = NULL;
}

void thread_start(struct thread *thread)
{
    thread_get(thread);
    scheduler_add(thread);
}

/* ---- ending -------------------------------------------------------------- */

void thread_retire(void)
{
    struct thread *thread = current_thread();

    if (list_is_empty(&thread->all))
        return;
    spin_lock(&threads_lock);
    count--;
    retired++;
    list_remove(&thread->all);
    spin_unlock(&threads_lock);
}

noreturn void thread_exit(void)
{
    assert(current_thread()->held_count == 0);
    thread_retire();
    scheduler_leave();
}

void thread_bury(struct thread *thread)
{
    kernel_stack_free(thread->stack);
    thread->stack = NULL;
    thread_put(thread);
    spin_lock(&threads_lock);
    buried++;
    wait_queue_wake_all(&burials);
    spin_unlock(&threads_lock);
}

void threads_wait_buried(void)
{
    spin_lock(&threads_lock);
    for (u32 wanted = retired; (s32)(buried - wanted) < 0;)
        wait_queue_wait(&burials, 0, UNINTERRUPTIBLE);
    spin_unlock(&threads_lock);
}

void thread_get(struct thread *thread)
{
    atomic_increment(&thread->references);
}

void thread_put(struct thread *thread)
{
    if (atomic_decrement(&thread->references))
        thread->release(thread);
}

/* ---- kernel threads ------------------------------------------------------ */

static void kernel_thread_release(struct thread *thread)
{
    heap_free(thread);
}

struct thread *kernel_thread_create(const char *name,
                                    void (*function)(void *argument),
                                    void *argument)
{
    struct thread *thread = heap_alloc(sizeof(*thread));

    if (!thread)
        return NULL;
    if (thread_prepare(thread, name, function, argument,
                       kernel_thread_release) < 0) {
        heap_free(thread);
        return NULL;
    }
    thread_start(thread);
    return thread;
}

/* ---- all of them --------------------------------------------------------- */

u32 thread_count(void)
{
    return count;
}

u32 thread_limit(void)
{
    return limit;
}

void thread_for_each(bool (*visit)(struct thread *thread, void *context),
                     void *context)
{
    struct thread *thread;

    spin_lock(&threads_lock);
    list_for_each (thread, &threads, all)
        if (!visit(thread, context))
            break;
    spin_unlock(&threads_lock);
}
