/*
 * Blocks of every size are aligned, disjoint and keep their contents; all
 * memory comes back; without memory NULL comes and nothing is lost; and what
 * CHECKED builds promise to catch is caught.
 */
#include "unit.h"
#include <stdarg.h>
#include "core/boot_info.h"
#include "core/spinlock.h"
#include "kernel/mem/frame.c"
#include "kernel/mem/frame_start.c"

static void frame_caches_clear(void)
{
    memset(caches, 0, sizeof(caches));
}

/* Both have a stack of free things for each CPU. */
#define caches      heap_caches
#define cache_empty heap_cache_empty
#define cache_fill  heap_cache_fill
#include "kernel/mem/heap.c"
#include "kernel/mem/heap_check.c"

struct boot_info boot_info;

#define LIVE_MAX 3000

struct block {
    u8 *bytes;
    u32 size;
    u8 letter;
};

static struct block live[LIVE_MAX];
static u32 live_count;

static void boot(void)
{
    boot_info = (struct boot_info){
        .range_count = 1,
        .ranges = {{1 * MIB, 64 * MIB}},
    };
    memset(heap_caches, 0, sizeof(heap_caches));
    for (u32 i = 0; i < CLASS_COUNT; i++)
        list_initialize(&classes[i].pages);
    blocks_taken = page_count = run_count = run_frames = 0;
    free_run_frames = managed_frames = live_count = 0;
    frame_caches_clear();
    fake_cpu.index = fake_stack.fail_after = 0;
    fake_interrupts = true;
    fake_held_rank = RANK_NONE;
    frame_lock.held = heap_lock.held = false;
    check(frames_start());
}

/* All frames are the allocator's or the heap's. */
static void check_books(u32 blocks)
{
    check(fake_interrupts);
    check_number(fake_held_rank, RANK_NONE);
    check_number(heap_block_count(), blocks);
    check_number(frame_free_count() + heap_frame_count(),
                 frame_managed_count());
}

/* Sizes of every magnitude, most of them small. */
static u32 random_size(void)
{
    return unit_random_below(2u << unit_random_below(15));
}

static void block_fill(struct block *block)
{
    block->letter = unit_random();
    memset(block->bytes, block->letter, block->size);
}

static void block_check(const struct block *block, u32 size)
{
    for (u32 i = 0; i < size; i++)
        if (block->bytes[i] != block->letter)
            unit_fail("wanted byte %u of %u untouched", i, block->size);
}

static void alloc_one(void)
{
    u32 size = random_size();
    u8 *bytes =
        unit_random_below(2) ? heap_alloc(size) : heap_alloc_zeroed(size);
    if (bytes == NULL)
        return;
    check_number((uintptr_t)bytes % 16, 0);
    check(heap_size(bytes) >= size);
    live[live_count] = (struct block){.bytes = bytes, .size = size};
    block_fill(&live[live_count++]);
}

static void free_one(void)
{
    struct block *block = &live[unit_random_below(live_count)];
    block_check(block, block->size);
    heap_free(block->bytes);
    *block = live[--live_count];
}

static void resize_one(void)
{
    struct block *block = &live[unit_random_below(live_count)];
    u32 size = random_size();
    u8 *bytes = heap_resize(block->bytes, size);
    if (bytes == NULL)
        return;
    block->bytes = bytes;
    block_check(block, min(size, block->size));
    block->size = size;
    block_fill(block);
}

static void random_use_on_all_cpus(void)
{
    boot();
    for (int round = 0; round < 60000; round++) {
        fake_cpu.index = unit_random_below(4);
        bool take = unit_random_below(8) < (round / 4000 % 2 ? 2 : 6);
        if (take && live_count < LIVE_MAX)
            alloc_one();
        else if (live_count > 0 && unit_random_below(4) == 0)
            resize_one();
        else if (live_count > 0)
            free_one();
        check_books(live_count);
    }
    while (live_count > 0)
        free_one();
    check_books(0);
}

static void pages_come_back(void)
{
    static void *blocks[20000];
    boot();
    for (u32 size = 16; size <= 2000; size = size * 3 / 2) {
        for (u32 i = 0; i < array_count(blocks); i++)
            check((blocks[i] = heap_alloc(size)) != NULL);
        for (u32 i = 0; i < array_count(blocks); i++)
            heap_free(blocks[i]);
        check_books(0);
    }
    /* A class may keep one empty page, and what its list holds. */
    check(heap_frame_count() <= CLASS_COUNT * 34);
}

static void every_size_fits(void)
{
    boot();
    for (u32 size = 0; size < 9000; size++) {
        u8 *block = heap_alloc(size);
        check(heap_size(block) >= size);
        check(size < 16 || heap_size(block) <= 2 * size + PAGE_SIZE);
        memset(block, 1, heap_size(block));
        heap_free(block);
    }
    check_books(0);
}

static void largest_block(void)
{
    boot();
    void *block = heap_alloc(HEAP_SIZE_MAX);
    check(block != NULL);
    heap_free(block);
    check(heap_alloc(HEAP_SIZE_MAX + 1) == NULL);
    check(heap_alloc(SIZE_MAX) == NULL);
    check_books(0);
}

static void zeroed(void)
{
    boot();
    for (int round = 0; round < 2000; round++) {
        u32 size = random_size();
        u8 *block = heap_alloc_zeroed(size);
        for (u32 i = 0; i < size; i++)
            check(block[i] == 0);
        memset(block, 0xff, size);
        heap_free(block);
    }
}

static void out_of_memory(void)
{
    boot();
    void *first = NULL;
    void *block;
    u32 count = 0;
    while ((block = heap_alloc(1000)) != NULL) {
        *(void **)block = first;
        first = block;
        count++;
    }
    check(heap_alloc_zeroed(1000) == NULL);
    check(heap_alloc(3 * PAGE_SIZE) == NULL);
    check(heap_resize(first, 5 * PAGE_SIZE) == NULL);
    check_books(count);
    while ((block = first) != NULL) {
        first = *(void **)block;
        heap_free(block);
    }
    check_books(0);
    check(heap_alloc(HEAP_SIZE_MAX) != NULL);
}

static void resize_keeps_the_block_on_failure(void)
{
    boot();
    char *block = heap_alloc(8);
    strcpy(block, "spindle");
    check(heap_resize(block, HEAP_SIZE_MAX + 1) == NULL);
    check_text(block, "spindle");
    block = heap_resize(block, 100000);
    check_text(block, "spindle");
    heap_free(block);
    block = heap_resize(NULL, 10);
    check(block != NULL);
    heap_free(block);
    heap_free(NULL);
    check_books(0);
}

/* Whether caches are full or empty, the n-th allocation is the n-th call. */
static void failure_by_order(void)
{
    for (u32 nth = 1; nth < 50; nth++) {
        boot();
        fake_stack.fail_after = nth;
        for (u32 i = 1; i < 50; i++) {
            u32 size = i % 3 == 0 ? 5000 : i * 16;
            check((heap_alloc(size) == NULL) == (i == nth));
        }
    }
}

/* The compiler knows what heap_free is and warns of what is meant here. */
static void (*volatile free_unseen)(void *) = heap_free;

static void double_free_is_caught(void)
{
    static const u32 sizes[] = {1, 16, 100, 2000};
    for (volatile u32 i = 0; i < array_count(sizes); i++) {
        boot();
        void *block = heap_alloc(sizes[i]);
        free_unseen(block);
        check_panics(free_unseen(block), "freed twice");
    }
    boot();
    void *run = heap_alloc(10000);
    free_unseen(run);
    check_panics(free_unseen(run), "no block of the heap");
}

static void write_past_the_end_is_caught(void)
{
    boot();
    char *block = heap_alloc(50);
    block[heap_size(block)] ^= 1;
    check_panics(free_unseen(block), "past its end");
}

static void write_after_free_is_caught(void)
{
    boot();
    for (u32 at = sizeof(void *); at < 100; at++) {
        boot();
        char *block = heap_alloc(100);
        free_unseen(block);
        block[at] = 1;
        check_panics(heap_alloc(100), "after it was freed");
    }
}

static void foreign_pointers_are_caught(void)
{
    boot();
    struct frame *frame = frame_alloc();
    check_panics(free_unseen(frame_address(frame)), "no block of the heap");
    check_panics(free_unseen(kernel_start), "no block of the heap");
    char *run = heap_alloc(3 * PAGE_SIZE);
    check_panics(free_unseen(run + 8), "no block of the heap");
    char *block = heap_alloc(64);
    check_panics(free_unseen(block + 16), "");
}

UNIT_TESTS(UNIT_TEST(random_use_on_all_cpus), UNIT_TEST(pages_come_back),
           UNIT_TEST(every_size_fits), UNIT_TEST(largest_block),
           UNIT_TEST(zeroed), UNIT_TEST(out_of_memory),
           UNIT_TEST(resize_keeps_the_block_on_failure),
           UNIT_TEST(failure_by_order), UNIT_TEST(double_free_is_caught),
           UNIT_TEST(write_past_the_end_is_caught),
           UNIT_TEST(write_after_free_is_caught),
           UNIT_TEST(foreign_pointers_are_caught))
