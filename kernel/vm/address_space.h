/*
 * An address space: the areas of a process and its page table.
 *
 * Areas are disjoint, page aligned, ordered by address in a tree; neighbours
 * that could be one are one. `lock` (a mutex, rank ADDRESS_SPACE) protects the
 * tree and the page table. It is never held while user memory is touched.
 *
 * Pages come on demand. A private page whose frame somebody else holds too is
 * mapped without the right to write; the first write copies it, or, when
 * nobody else is left, takes it over.
 */
#pragma once

#include "lib/tree.h"
#include "sched/mutex.h"
#include "vm/memory_object.h"

#define AREA_READ       1u
#define AREA_WRITE      2u
#define AREA_EXECUTE    4u
#define AREA_RIGHTS     (AREA_READ | AREA_WRITE | AREA_EXECUTE)
#define AREA_SHARED     8u
#define AREA_GROWS_DOWN 16u /* the stack */
#define AREA_HEAP       32u /* brk's */
#define AREA_LOCKED     64u /* mlock's */

struct file;

/* What an area keeps alive for /proc/PID/maps and for write-back: a file. fs
 * defines the operations, since vm cannot know files. */
struct area_backing_operations {
    void (*get)(void *backing);
    void (*put)(void *backing);
    /* Writes the name for /proc/PID/maps. */
    void (*describe)(void *backing, char *buffer, size_t size);
};

struct area {
    struct tree_node node;
    u32 start, end; /* [start, end), page aligned */
    u32 flags;      /* AREA_* */
    u32 may;        /* rights that mprotect may give (AREA_READ...) */
    struct memory_object *object; /* NULL: anonymous private */
    u32 object_page;              /* page of the object at `start` */
    struct address_space *space;  /* that it was put into */
    /* All areas that show the object; under the object's lock. */
    struct list object_link;
    u32 object_stamp; /* the last shrinking that has been here */
    void *backing;    /* the open file, or NULL */
    const struct area_backing_operations *backing_operations;
};

struct address_space {
    volatile u32 references; /* atomic: processes that share it (vfork) */
    struct mutex lock;
    struct tree areas;
    struct area *last_hit; /* where the last fault was */
    u32 area_count;
    u32 mapped_pages; /* sum of the areas' sizes */
    u32 free_below;   /* no free page between it and the mmap ceiling */
    struct page_table page_table;
    u32 heap_start, heap_end;           /* brk: end is exact, in bytes */
    u32 stack_limit;                    /* bytes that the stack may grow to */
    u32 arguments_start, arguments_end; /* for /proc/PID/cmdline */
    u32 environment_start, environment_end;
    u32 peak_resident; /* pages */
    bool locks_future; /* mlockall(MCL_FUTURE) */
};

/* Once, after frames_start and before the first address space. */
void address_spaces_start(void);

/* One with no area; NULL when out of memory. One reference. */
struct address_space *address_space_create(void);
void address_space_get(struct address_space *space);
/* The last put unmaps everything. May sleep. No CPU may have it loaded. */
void address_space_put(struct address_space *space);

/* fork: a copy of all areas; private pages shared copy-on-write. NULL when
 * out of memory. */
struct address_space *address_space_fork(struct address_space *space);

/* What a new mapping is to be. */
struct mapping {
    u32 address; /* where; a hint unless fixed */
    u32 size;    /* bytes, > 0, rounded up to pages */
    u32 flags;   /* AREA_* */
    u32 may;
    bool fixed;                   /* exactly there, replacing what is there */
    bool no_replace;              /* with fixed: -EEXIST instead of replacing */
    struct memory_object *object; /* the call takes its own reference */
    u32 object_page;
    void *backing; /* likewise */
    const struct area_backing_operations *backing_operations;
};

/* Returns 0 and the address in *address, or -ENOMEM, -EINVAL, -EEXIST, -EPERM
 * (page 0). */
int address_space_map(struct address_space *space,
                      const struct mapping *mapping, u32 *address);
int address_space_unmap(struct address_space *space, u32 start, u32 size);
/* -ENOMEM when a page of the range is in no area, -EACCES over `may`. */
int address_space_protect(struct address_space *space, u32 start, u32 size,
                          u32 rights);
/* As mremap(2) (MREMAP_MAYMOVE, MREMAP_FIXED); the new address in *address. */
struct remapping {
    u32 start, old_size, new_size;
    u32 flags;
    u32 new_address; /* with MREMAP_FIXED */
};
int address_space_remap(struct address_space *space,
                        const struct remapping *remapping, u32 *address);
/* madvise(MADV_DONTNEED): private pages are forgotten. -ENOMEM as Linux;
 * -EINVAL for locked ones. */
int address_space_discard(struct address_space *space, u32 start, u32 size);
/* Makes pages of [start, end) present as a touch would, where that can be; the
 * last error where not. */
int address_space_populate(struct address_space *space, u32 start, u32 end);
/* Bytes that are locked once [start, end) is. */
u64 address_space_locked(struct address_space *space, u32 start, u32 end);
/* mlock and munlock of whole pages, all of them in some area. -ENOMEM. */
int address_space_lock(struct address_space *space, u32 start, u32 end,
                       bool locked);
/* brk: the new end, or the old one when that cannot be done. */
u32 address_space_set_heap_end(struct address_space *space, u32 end);

/* The area that holds `address`, or NULL. Lock held. */
struct area *address_space_find(struct address_space *space, u32 address);
/* The first area that ends above `address`, or NULL. Lock held. */
struct area *address_space_find_from(struct address_space *space, u32 address);

/* The address space whose page table is loaded in the current thread, or NULL
 * for kernel threads. */
struct address_space *address_space_current(void);

/* A reference to the frame behind a user address after a fault as if by a
 * read (or write): for exec's argument pages, futexes, /proc. 0, -EFAULT,
 * -ENOMEM. */
int address_space_pin(struct address_space *space, u32 address, bool write,
                      struct frame **frame);
/* Copies from another (or the own) address space to kernel memory, or clears
 * there, page by page. Returns 0, -EFAULT or -ENOMEM. */
int address_space_copy_in(struct address_space *space, void *destination,
                          u32 source, u32 size);
int address_space_clear(struct address_space *space, u32 start, u32 size);

/* exec: maps a frame, whose reference the space takes over, as the private
 * page at `address`, where nothing is mapped yet. 0 or -ENOMEM. */
int address_space_give(struct address_space *space, u32 address,
                       struct frame *frame);

/* Is every page of [start, end) in some area? Lock held. */
bool address_space_covers(struct address_space *space, u32 start, u32 end);
/* mincore: one byte a page, 1 when a touch would not have to make it.
 * -ENOMEM when a page is in no area. */
int address_space_presence(struct address_space *space, u32 start, u32 count,
                           u8 *present);

/* Pages present now. */
u32 address_space_resident(const struct address_space *space);

/* Address spaces alive: for the books. */
u32 address_space_count(void);
