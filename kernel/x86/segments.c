/*
 * Descriptor tables of each CPU (Intel SDM 3A, chapters 3 and 7).
 *
 * All segments are flat; they exist because the CPU asks for them and for the
 * three TLS descriptors of the running thread. FS and GS belong to user code:
 * the kernel never loads them but to switch threads.
 */
#include "x86/segments.h"

#include "x86/double_fault.h"

#define DESCRIPTOR_PRESENT     0x00008000u
#define DESCRIPTOR_USER        0x00006000u /* privilege 3 */
#define DESCRIPTOR_MEMORY      0x00001000u /* code or data, not system */
#define DESCRIPTOR_CODE        0x00000a00u /* execute, read */
#define DESCRIPTOR_DATA        0x00000200u /* read, write */
#define DESCRIPTOR_EXPAND_DOWN 0x00000400u
#define DESCRIPTOR_WRITABLE    0x00000200u
#define DESCRIPTOR_ACCESSED    0x00000100u
#define DESCRIPTOR_TSS         0x00000900u /* 32-bit, available */
#define DESCRIPTOR_USABLE      0x00100000u
#define DESCRIPTOR_32_BIT      0x00400000u
#define DESCRIPTOR_PAGES       0x00800000u

struct cpu_segments cpu_segments[CPU_MAX];

static struct segment_descriptor descriptor(u32 base, u32 limit, u32 bits)
{
    return (struct segment_descriptor){
        .low = base << 16 | (limit & 0xffff),
        .high = (base & 0xff000000u) | (base >> 16 & 0xff) | (limit & 0xf0000) |
                bits,
    };
}

static struct segment_descriptor flat(u32 bits)
{
    return descriptor(0, 0xfffff,
                      bits | DESCRIPTOR_PRESENT | DESCRIPTOR_MEMORY |
                          DESCRIPTOR_ACCESSED | DESCRIPTOR_32_BIT |
                          DESCRIPTOR_PAGES);
}

static struct segment_descriptor task(const struct task_state *state)
{
    return descriptor((u32)(uintptr_t)state, sizeof(*state) - 1,
                      DESCRIPTOR_PRESENT | DESCRIPTOR_TSS);
}

static void load(struct cpu_segments *segments)
{
    struct table_pointer pointer = {sizeof(segments->table) - 1,
                                    (u32)(uintptr_t)segments->table};
    __asm__ volatile("lgdt %0\n\t"
                     "ljmp %1, $1f\n"
                     "1:\tmovl %2, %%ds\n\t"
                     "movl %2, %%es\n\t"
                     "movl %3, %%ss\n\t"
                     "movl %4, %%fs\n\t"
                     "movl %4, %%gs\n\t"
                     "lldt %w4\n\t"
                     "ltr %w5"
                     :
                     : "m"(pointer), "i"(SELECTOR_KERNEL_CODE),
                       "r"(SELECTOR_USER_DATA), "r"(SELECTOR_KERNEL_DATA),
                       "r"(0), "r"(SELECTOR_TSS)
                     : "memory");
}

void segments_start(struct cpu *cpu)
{
    struct cpu_segments *segments = &cpu_segments[cpu->index];
    struct segment_descriptor *table = segments->table;
    table[SELECTOR_KERNEL_CODE / 8] = flat(DESCRIPTOR_CODE);
    table[SELECTOR_KERNEL_DATA / 8] = flat(DESCRIPTOR_DATA);
    table[SELECTOR_USER_CODE / 8] = flat(DESCRIPTOR_CODE | DESCRIPTOR_USER);
    table[SELECTOR_USER_DATA / 8] = flat(DESCRIPTOR_DATA | DESCRIPTOR_USER);
    segments->task_state.ss0 = SELECTOR_KERNEL_DATA;
    segments->task_state.io_map = sizeof(struct task_state);
    table[SELECTOR_TSS / 8] = task(&segments->task_state);
    table[SELECTOR_DOUBLE_FAULT_TSS / 8] =
        task(double_fault_task(cpu, &segments->task_state));
    load(segments);
}

struct segment_descriptor segment_user_data(u32 base, u32 limit,
                                            bool limit_in_pages, bool writable,
                                            bool expand_down, bool bits32,
                                            bool usable, bool present)
{
    if (!present)
        return (struct segment_descriptor){0, 0};
    u32 bits = DESCRIPTOR_PRESENT | DESCRIPTOR_MEMORY | DESCRIPTOR_USER |
               DESCRIPTOR_ACCESSED;
    bits |= writable ? DESCRIPTOR_WRITABLE : 0;
    bits |= expand_down ? DESCRIPTOR_EXPAND_DOWN : 0;
    bits |= bits32 ? DESCRIPTOR_32_BIT : 0;
    bits |= limit_in_pages ? DESCRIPTOR_PAGES : 0;
    bits |= usable ? DESCRIPTOR_USABLE : 0;
    return descriptor(base, limit, bits);
}

void segments_load_tls(const struct thread_segments *segments)
{
    struct segment_descriptor *table =
        &cpu_segments[this_cpu()->index].table[TLS_ENTRY_FIRST];
    for (u32 i = 0; i < TLS_ENTRY_COUNT; i++)
        table[i] = segments->tls[i];
}

void segments_switch(struct thread_segments *previous,
                     const struct thread_segments *next)
{
    previous->fs = fs_read();
    previous->gs = gs_read();
    segments_load_tls(next);
    segments_load(next->fs, next->gs);
}

u16 segments_fs(void)
{
    return fs_read();
}

u16 segments_gs(void)
{
    return gs_read();
}
