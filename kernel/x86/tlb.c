/*
 * Which page table each CPU has loaded, and how all of them forget what has
 * changed.
 *
 * A CPU sets its bit in table->cpus before it loads the table; who changes
 * entries reads the bits afterwards. So either the CPU is seen, and asked to
 * forget, or it loads the table after the change and cannot remember anything
 * older.
 *
 * Each CPU has one request of its own. It fills it in, sets the bits of those
 * that have to serve it, interrupts them, and waits with its own interrupts
 * on: two CPUs that ask each other at the same time serve each other while
 * they wait.
 */
#include "x86/page_table.h"

#include "core/atomic.h"
#include "core/panic.h"
#include "core/percpu.h"
#include "x86/local_apic.h"
#include "x86/trap.h"

#define FLUSH_PAGES_MAX 64 /* above that, the whole TLB */

static struct page_table *loaded[CPU_MAX];

static struct flush_request {
    const struct page_table *table;
    u32 start, end;       /* empty: don't keep the table loaded at all */
    volatile u32 waiting; /* bit a CPU that has not served it yet (atomic) */
} requests[CPU_MAX];

void page_tables_start_cpu(void)
{
    loaded[this_cpu()->index] = &kernel_page_table;
    cr3_write(kernel_page_table.physical);
}

void page_table_load(struct page_table *table)
{
    struct cpu *cpu = this_cpu();
    u32 bit = 1u << cpu->index;
    struct page_table **here = &loaded[cpu->index], *before = *here;
    if (before == table)
        return;
    __atomic_or_fetch(&table->cpus, bit, __ATOMIC_SEQ_CST);
    *here = table;
    cpu->page_table_loads++;
    cr3_write(table->physical);
    __atomic_and_fetch(&before->cpus, ~bit, __ATOMIC_SEQ_CST);
}

/* Preemption off. */
static void flush_here(const struct page_table *table, u32 start, u32 end)
{
    struct cpu *cpu = this_cpu();
    if (loaded[cpu->index] != table)
        return;
    if (start == end) {
        page_table_load(&kernel_page_table);
    } else if ((end - start) / PAGE_SIZE <= FLUSH_PAGES_MAX) {
        for (u32 address = start; address < end; address += PAGE_SIZE)
            tlb_invalidate_page(address);
    } else {
        cpu->tlb_flushes++;
        cr3_write(table->physical);
    }
}

void tlb_serve(void)
{
    u32 bit = 1u << this_cpu()->index;
    for (u32 i = 0; i < cpu_count; i++) {
        struct flush_request *request = &requests[i];
        if (!(atomic_load(&request->waiting) & bit))
            continue;
        flush_here(request->table, request->start, request->end);
        __atomic_and_fetch(&request->waiting, ~bit, __ATOMIC_SEQ_CST);
    }
}

/* Preemption off. */
static slow_path void flush_others(const struct page_table *table, u32 start,
                                   u32 end, u32 others)
{
    struct cpu *cpu = this_cpu();
    struct flush_request *request = &requests[cpu->index];
    assert(cpu->spin_depth == 0 && cpu_interrupts_enabled());
    request->table = table;
    request->start = start;
    request->end = end;
    atomic_store(&request->waiting, others);
    for (u32 i = 0; i < cpu_count; i++)
        if (others & 1u << i)
            local_apic_send(&cpus[i], TRAP_LOCAL_FLUSH);
    while (atomic_load(&request->waiting) != 0)
        cpu_pause();
}

void tlb_flush_range(struct page_table *table, u32 start, u32 end)
{
    preempt_disable();
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* entries, then the bits */
    u32 others = atomic_load(&table->cpus) & ~(1u << this_cpu()->index);
    flush_here(table, start, end);
    if (unlikely(others != 0))
        flush_others(table, start, end, others);
    preempt_enable();
}

void page_table_leave(struct page_table *table)
{
    if (atomic_load(&table->cpus) != 0)
        tlb_flush_range(table, 0, 0);
    table->left = true;
}
