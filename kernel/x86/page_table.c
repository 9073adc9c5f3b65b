/*
 * Page tables of processes, and the kernel's (Intel SDM 3A, 4.3).
 *
 * Unmapping clears every entry that mapping has set, so a page table whose
 * last page is gone is all zero again: tables and directories are kept that
 * way, a few a CPU, and the next fork need not clear 4 KiB for each.
 */
#include "x86/page_table.h"

#include <asm/errno.h>

#include "core/atomic.h"
#include "core/panic.h"
#include "core/percpu.h"
#include "lib/string.h"
#include "x86/cpu_features.h"

#define ENTRIES      1024u
#define TABLE_SPAN   (ENTRIES * PAGE_SIZE) /* what one table maps */
#define KERNEL_FIRST (KERNEL_BASE / TABLE_SPAN)
#define SPARES_MAX   32
#define GATHER_MAX   64

extern page_table_entry boot_directory[ENTRIES];
extern page_table_entry boot_tables[4][ENTRIES];

struct page_table kernel_page_table = {.directory = boot_directory};

/* Clean frames of one kind; each CPU touches its own, preemption off. */
struct spares {
    u32 count;
    struct frame *frames[SPARES_MAX];
};
static struct spares spare_tables[CPU_MAX];
static struct spares spare_directories[CPU_MAX];

static u32 directory_index(u32 address)
{
    return address / TABLE_SPAN;
}

static u32 table_index(u32 address)
{
    return address / PAGE_SIZE % ENTRIES;
}

static page_table_entry *table_of(page_table_entry directory_entry)
{
    return physical_to_virtual(directory_entry & PTE_ADDRESS);
}

static struct frame *frame_of_entry(page_table_entry entry)
{
    return frame_of_physical(entry & PTE_ADDRESS);
}

/* ---- spare tables ------------------------------------------------------- */

static struct frame *spare_take(struct spares *all)
{
    preempt_disable();
    struct spares *spares = &all[this_cpu()->index];
    struct frame *frame = NULL;
    if (spares->count > 0)
        frame = spares->frames[--spares->count];
    preempt_enable();
    return frame;
}

static void spare_keep(struct spares *all, struct frame *frame)
{
    preempt_disable();
    struct spares *spares = &all[this_cpu()->index];
    bool kept = spares->count < SPARES_MAX;
    if (kept)
        spares->frames[spares->count++] = frame;
    preempt_enable();
    if (!kept)
        frame_put(frame);
}

u32 page_table_spare_count(void)
{
    u32 count = 0;
    for (u32 i = 0; i < cpu_count; i++)
        count += spare_tables[i].count + spare_directories[i].count;
    return count;
}

static struct frame *table_alloc(void)
{
    struct frame *frame = spare_take(spare_tables);
    return frame ? frame : frame_alloc_zeroed();
}

static struct frame *directory_alloc(void)
{
    struct frame *frame = spare_take(spare_directories);
    if (frame)
        return frame;
    frame = frame_alloc_zeroed();
    if (!frame)
        return NULL;
    page_table_entry *directory = frame_address(frame);
    memcpy(directory + KERNEL_FIRST, kernel_page_table.directory + KERNEL_FIRST,
           (ENTRIES - KERNEL_FIRST) * sizeof(*directory));
    return frame;
}

/* ---- the kernel's own --------------------------------------------------- */

static page_table_entry global_bit(void)
{
    return cpu_features.pge ? PTE_GLOBAL : 0;
}

/* Rights of one 4 KiB page near the kernel image. */
static page_table_entry image_rights(u32 address)
{
    bool fixed = address >= (u32)(uintptr_t)text_start &&
                 address < (u32)(uintptr_t)rodata_end;
    return PTE_PRESENT | (fixed ? 0 : PTE_WRITE) | global_bit();
}

static void image_block_map(u32 block)
{
    page_table_entry *table = boot_tables[block];
    for (u32 i = 0; i < ENTRIES; i++) {
        u32 physical = block * TABLE_SPAN + i * PAGE_SIZE;
        table[i] = physical | image_rights(physical + KERNEL_BASE);
    }
}

void direct_map_start(physical_address end)
{
    page_table_entry *directory = kernel_page_table.directory;
    u32 image_end = virtual_to_physical(kernel_end);
    assert(image_end <= sizeof(boot_tables) / sizeof(boot_tables[0]) * 4 * MIB);
    end = max(round_up(min(end, DIRECT_MAP_SIZE), LARGE_PAGE_SIZE), image_end);
    for (u32 physical = 0; physical < end; physical += LARGE_PAGE_SIZE) {
        u32 block = directory_index(physical);
        if (physical < image_end)
            image_block_map(block);
        else
            directory[KERNEL_FIRST + block] =
                physical | PTE_PRESENT | PTE_WRITE | PTE_LARGE | global_bit();
    }
    for (u32 i = 0; i < KERNEL_FIRST; i++)
        directory[i] = 0;
    kernel_page_table.physical = virtual_to_physical(directory);
    page_tables_start_cpu();
}

void page_tables_start(void)
{
    u32 first = directory_index(STACK_AREA_START);
    u32 last = directory_index(DEVICE_AREA_END);
    for (u32 i = first; i < last; i++) {
        struct frame *frame = frame_alloc_zeroed();
        if (!frame)
            halt_with_message("there is not enough memory for the kernel's "
                              "page tables; 16 MiB is the least");
        kernel_page_table.directory[i] =
            frame_physical(frame) | PTE_PRESENT | PTE_WRITE;
    }
}

void *device_map(physical_address address, u32 size)
{
    static volatile u32 next_page = DEVICE_AREA_START / PAGE_SIZE;
    u32 offset = address % PAGE_SIZE;
    u32 pages = (offset + size + PAGE_SIZE - 1) / PAGE_SIZE;
    u32 start = atomic_add(&next_page, pages) * PAGE_SIZE;
    if (start + pages * PAGE_SIZE > DEVICE_AREA_END)
        return NULL;
    for (u32 i = 0; i < pages; i++)
        *page_table_find(&kernel_page_table, start + i * PAGE_SIZE) =
            (address - offset + i * PAGE_SIZE) | PTE_PRESENT | PTE_WRITE |
            PTE_CACHE_DISABLE | global_bit();
    return (void *)(uintptr_t)(start + offset);
}

/* ---- of processes ------------------------------------------------------- */

int page_table_create(struct page_table *table)
{
    struct frame *frame = directory_alloc();
    if (!frame)
        return -ENOMEM;
    *table = (struct page_table){
        .directory = frame_address(frame),
        .physical = frame_physical(frame),
    };
    return 0;
}

void page_table_destroy(struct page_table *table)
{
    assert(table->cpus == 0 && table->resident == 0);
    for (u32 i = 0; i < KERNEL_FIRST && table->table_frames > 0; i++) {
        if (table->directory[i] == 0)
            continue;
        spare_keep(spare_tables, frame_of_entry(table->directory[i]));
        table->directory[i] = 0;
        table->table_frames--;
    }
    spare_keep(spare_directories, frame_of(table->directory));
}

page_table_entry *page_table_find(struct page_table *table, u32 address)
{
    page_table_entry entry = table->directory[directory_index(address)];
    if (entry == 0)
        return NULL;
    return &table_of(entry)[table_index(address)];
}

page_table_entry *page_table_make(struct page_table *table, u32 address)
{
    page_table_entry *slot = &table->directory[directory_index(address)];
    if (unlikely(*slot == 0)) {
        struct frame *frame = table_alloc();
        if (!frame)
            return NULL;
        *slot = frame_physical(frame) | PTE_PRESENT | PTE_WRITE | PTE_USER;
        table->table_frames++;
    }
    return &table_of(*slot)[table_index(address)];
}

/* The end of the part of [address, end) that one table maps. */
static u32 table_part_end(u32 address, u32 end)
{
    u32 border = round_down(address, TABLE_SPAN) + TABLE_SPAN;
    return min(border - 1, end - 1) + 1;
}

/* Copies `count` entries; returns how many hold a frame. The hot loop of
 * fork: a handful of instructions an entry. */
static u32 entries_copy(page_table_entry *from, page_table_entry *to, u32 count,
                        page_table_entry keep)
{
    struct frame *all = frames; /* read once: the loop's stores can't move it */
    u32 empty = 0;
    for (u32 i = 0; i < count; i++) {
        page_table_entry entry = from[i];
        if (unlikely(entry == 0)) {
            empty++;
            continue;
        }
        frame_get(&all[entry >> PAGE_SHIFT]);
        entry &= keep;
        from[i] = entry;
        to[i] = entry;
    }
    return count - empty;
}

int page_table_copy(struct page_table *from, struct page_table *to, u32 start,
                    u32 end, bool share_writes)
{
    page_table_entry keep = share_writes ? ~0u : ~PTE_WRITE;
    u32 part_end;
    for (u32 address = start; address < end; address = part_end) {
        part_end = table_part_end(address, end);
        page_table_entry *source = page_table_find(from, address);
        if (!source)
            continue;
        page_table_entry *target = page_table_make(to, address);
        if (!target)
            return -ENOMEM;
        to->resident += entries_copy(source, target,
                                     (part_end - address) / PAGE_SIZE, keep);
    }
    return 0;
}

/* ---- taking rights away ------------------------------------------------- */

/* Of a table that was left for good, and so is in no TLB: frames go back at
 * once. */
static u32 entries_drop(page_table_entry *entries, u32 count)
{
    struct frame *all = frames;
    u32 empty = 0;
    for (u32 i = 0; i < count; i++) {
        page_table_entry entry = entries[i];
        if (unlikely(entry == 0)) {
            empty++;
            continue;
        }
        entries[i] = 0;
        frame_put(&all[entry >> PAGE_SHIFT]);
    }
    return count - empty;
}

/* As entries_drop, for a table in use: the frames of up to GATHER_MAX pages
 * are given back after the flush. */
static void entries_gather(struct page_table *table, page_table_entry *entries,
                           u32 start, u32 count)
{
    struct frame *gathered[GATHER_MAX];
    u32 gathered_count = 0;
    for (u32 i = 0; i < count; i++) {
        if (entries[i] == 0)
            continue;
        gathered[gathered_count++] = frame_of_entry(entries[i]);
        entries[i] = 0;
    }
    if (gathered_count == 0)
        return;
    table->resident -= gathered_count;
    tlb_flush_range(table, start, start + count * PAGE_SIZE);
    for (u32 i = 0; i < gathered_count; i++)
        frame_put(gathered[i]);
}

static void part_unmap(struct page_table *table, page_table_entry *entries,
                       u32 start, u32 count)
{
    if (table->left) {
        table->resident -= entries_drop(entries, count);
        return;
    }
    for (u32 done = 0; done < count; done += GATHER_MAX)
        entries_gather(table, entries + done, start + done * PAGE_SIZE,
                       min(count - done, GATHER_MAX));
}

/* The caller promises that nothing is mapped in [floor, ceiling) any more.
 * Stale walks of the freed tables end with the flush. */
static void tables_free(struct page_table *table, u32 start, u32 end, u32 floor,
                        u32 ceiling)
{
    u32 first =
        max(directory_index(start), (floor + (TABLE_SPAN - 1)) / TABLE_SPAN);
    u32 last = min((end + (TABLE_SPAN - 1)) / TABLE_SPAN, ceiling / TABLE_SPAN);
    for (u32 i = first; i < last; i++) {
        page_table_entry entry = table->directory[i];
        if (entry == 0)
            continue;
        table->directory[i] = 0;
        table->table_frames--;
        tlb_flush_range(table, i * TABLE_SPAN, i * TABLE_SPAN + PAGE_SIZE);
        spare_keep(spare_tables, frame_of_entry(entry));
    }
}

void page_table_unmap(struct page_table *table, u32 start, u32 end, u32 floor,
                      u32 ceiling)
{
    u32 part_end;
    for (u32 address = start; address < end; address = part_end) {
        part_end = table_part_end(address, end);
        page_table_entry *entries = page_table_find(table, address);
        if (entries)
            part_unmap(table, entries, address,
                       (part_end - address) / PAGE_SIZE);
    }
    if (floor < ceiling)
        tables_free(table, start, end, floor, ceiling);
}

void page_table_take_rights(struct page_table *table, u32 start, u32 end,
                            page_table_entry rights)
{
    u32 part_end;
    for (u32 address = start; address < end; address = part_end) {
        part_end = table_part_end(address, end);
        page_table_entry *entries = page_table_find(table, address);
        for (u32 i = 0; entries && i < (part_end - address) / PAGE_SIZE; i++)
            entries[i] &= ~rights;
    }
    tlb_flush_range(table, start, end);
}
