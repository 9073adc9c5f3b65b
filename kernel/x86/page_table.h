/*
 * Two-level page tables (10/10/12): the directory of one address space.
 *
 * An entry is 0 or holds one reference to its frame; one that is not present
 * all the same (PROT_NONE) keeps the frame out of reach. The kernel half of
 * every directory is a copy of the kernel's and never changes after boot.
 * Page-table frames are freed all zero and kept so for the next user.
 * Callers hold the lock of the address space; the walk itself takes none.
 */
#pragma once

#include "core/layout.h"
#include "mem/frame.h"

typedef u32 page_table_entry;

#define PTE_PRESENT       0x001u
#define PTE_WRITE         0x002u
#define PTE_USER          0x004u
#define PTE_CACHE_DISABLE 0x010u
#define PTE_LARGE         0x080u
#define PTE_GLOBAL        0x100u
#define PTE_ADDRESS       0xfffff000u

struct page_table {
    page_table_entry *directory;
    physical_address physical;
    u32 cpus;         /* bit a CPU that has it loaded (atomic) */
    bool left;        /* for good: nobody will load it any more */
    u32 resident;     /* present user pages */
    u32 table_frames; /* page tables below the directory */
};

extern struct page_table kernel_page_table;

/* Maps physical memory up to `end` at KERNEL_BASE: global 4 MiB pages, but
 * 4 KiB pages over the kernel image, its text and rodata read-only; and loads
 * that. Called once, before frames_start: it allocates nothing. */
void direct_map_start(physical_address end);

/* Allocates the tables of the stack and device areas, after which the kernel's
 * half never changes. Called once, after frames_start. */
void page_tables_start(void);

/* Loads the kernel's page table on a CPU that has just started. */
void page_tables_start_cpu(void);

/* Frames kept for the next page tables: free, though the frame allocator does
 * not count them. */
u32 page_table_spare_count(void);

/* 0 or -ENOMEM. */
int page_table_create(struct page_table *table);
/* No user page may be mapped any more, no CPU may have it loaded. */
void page_table_destroy(struct page_table *table);

/* Makes it this CPU's page table if it isn't. Preemption off. */
void page_table_load(struct page_table *table);

/* The entry of an address, or NULL when its table does not exist. Kernel
 * addresses: only those of the stack and device areas. */
page_table_entry *page_table_find(struct page_table *table, u32 address);
/* The same, with the table made if needed; NULL when out of memory. */
page_table_entry *page_table_make(struct page_table *table, u32 address);

/* fork: copies the present entries of [start, end) with one more reference
 * each; with `share_writes` false, both sides lose the right to write.
 * 0 or -ENOMEM (what was copied stays and is unmapped by the caller).
 * The caller flushes `from` afterwards. */
int page_table_copy(struct page_table *from, struct page_table *to, u32 start,
                    u32 end, bool share_writes);

/* Removes every mapping in [start, end): flushes the TLBs, then gives the
 * references back; frees tables that lie wholly in [floor, ceiling). */
void page_table_unmap(struct page_table *table, u32 start, u32 end, u32 floor,
                      u32 ceiling);

/* Takes bits of the entries of [start, end) away (PTE_WRITE...), and flushes.
 */
void page_table_take_rights(struct page_table *table, u32 start, u32 end,
                            page_table_entry rights);

/* Makes every CPU that has the table loaded forget [start, end). No spinlock
 * held, interrupts on. */
void tlb_flush_range(struct page_table *table, u32 start, u32 end);

/* The end of an address space, no thread of which is left: no CPU keeps it
 * loaded after this, not even one that idles. As tlb_flush_range. */
void page_table_leave(struct page_table *table);

/* Serves what other CPUs have asked: on their interrupt, which is off. */
void tlb_serve(void);

/* A window of uncached device memory for a driver; never unmapped.
 * NULL when the area is full. */
void *device_map(physical_address address, u32 size);
