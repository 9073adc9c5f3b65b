/*
 * Physical memory and the heap, and the bytes that lib/ moves in them.
 */
#include "core/panic.h"
#include "lib/divide.h"
#include "lib/string.h"
#include "mem/frame.h"
#include "mem/heap.h"
#include "test/test.h"

/* ---- frames -------------------------------------------------------------- */

TEST(frame_references, "a frame goes back with its last reference")
{
    u32 before = frame_free_count();
    struct frame *frame = frame_alloc();

    EXPECT(frame != NULL);
    if (!frame)
        return;
    EXPECT_EQUAL(frame->references, 1);
    EXPECT_EQUAL(frame_free_count(), before - 1);
    frame_get(frame);
    frame_put(frame);
    EXPECT_EQUAL(frame_free_count(), before - 1);
    frame_put(frame);
    EXPECT_EQUAL(frame_free_count(), before);
}

TEST(frame_zeroed, "a zeroed frame is zero wherever it was before")
{
    for (u32 i = 0; i < 100; i++) {
        struct frame *frame = frame_alloc_zeroed();
        if (!frame)
            break;
        u32 *words = frame_address(frame);
        for (u32 j = 0; j < PAGE_SIZE / sizeof(*words); j++)
            if (words[j] != 0) {
                EXPECT_EQUAL(words[j], 0);
                break;
            }
        memset(words, 0xa5, PAGE_SIZE);
        frame_put(frame);
    }
}

TEST(frame_runs, "a run of frames is aligned to its size and all its own")
{
    struct frame *runs[FRAME_ORDER_MAX + 1];

    for (u32 order = 0; order <= FRAME_ORDER_MAX; order++) {
        runs[order] = frame_alloc_run(order);
        if (!runs[order])
            continue;
        EXPECT_EQUAL(frame_physical(runs[order]) % (PAGE_SIZE << order), 0);
        memset(frame_address(runs[order]), (int)order, PAGE_SIZE << order);
    }
    for (u32 order = 0; order <= FRAME_ORDER_MAX; order++) {
        if (!runs[order])
            continue;
        const u8 *bytes = frame_address(runs[order]);
        EXPECT_EQUAL(bytes[0], order);
        EXPECT_EQUAL(bytes[(PAGE_SIZE << order) - 1], order);
        frame_free_run(runs[order], order);
    }
}

/* Links all frames that there are through their own memory. */
static u32 frames_take_all(struct frame **chain)
{
    struct frame *frame;
    u32 count = 0;

    *chain = NULL;
    while ((frame = frame_alloc())) {
        *(struct frame **)frame_address(frame) = *chain;
        *chain = frame;
        count++;
    }
    return count;
}

TEST_CHECKPOINT(frame_exhaustion, memory_was_out);

TEST(frame_exhaustion, "all memory can be taken, and comes back whole")
{
    struct frame *chain;
    u32 before = frame_free_count();
    u32 count = frames_take_all(&chain);

    EXPECT(!frame_alloc_zeroed());
    EXPECT(!frame_alloc_run(1));
    EXPECT(!heap_alloc(64 * KIB));
    u32 left = frame_free_count(); /* in the caches of other CPUs */
    while (chain) {
        struct frame *next = *(struct frame **)frame_address(chain);
        frame_put(chain);
        chain = next;
    }
    CHECKPOINT("memory was out");
    EXPECT(count <= before && count + left + 64 > before);
    EXPECT(left <= 255 * (cpu_count - 1));
    struct frame *run = frame_alloc_run(FRAME_ORDER_MAX);
    EXPECT(run != NULL);
    if (run)
        frame_free_run(run, FRAME_ORDER_MAX);
}

/* ---- the heap ------------------------------------------------------------ */

#define BLOCKS 128u

struct block {
    u8 *bytes;
    u32 size;
    u8 mark;
};

static void block_check(const struct block *block)
{
    for (u32 i = 0; i < block->size; i++)
        if (block->bytes[i] != block->mark) {
            test_failed(__FILE__, __LINE__, "wanted %x in byte %u of %u got %x",
                        block->mark, i, block->size, block->bytes[i]);
            return;
        }
}

static void block_replace(struct block *block, u32 *state)
{
    if (block->bytes)
        block_check(block);
    heap_free(block->bytes);
    block->size = test_random(state) % (1u << test_random(state) % 15);
    block->mark = (u8)test_random(state);
    block->bytes = heap_alloc(block->size);
    EXPECT(block->bytes != NULL);
    if (!block->bytes)
        return;
    EXPECT_EQUAL((uintptr_t)block->bytes % 16, 0);
    EXPECT(heap_size(block->bytes) >= block->size);
    memset(block->bytes, block->mark, block->size);
}

TEST(heap_random, "blocks of all sizes keep their bytes to themselves")
{
    static struct block blocks[BLOCKS];
    u32 state = 7;

    for (u32 i = 0; i < 20000; i++)
        block_replace(&blocks[test_random(&state) % BLOCKS], &state);
    for (u32 i = 0; i < BLOCKS; i++) {
        if (blocks[i].bytes)
            block_check(&blocks[i]);
        heap_free(blocks[i].bytes);
        blocks[i].bytes = NULL;
    }
}

TEST(heap_resize, "a block that grows or shrinks keeps what it holds")
{
    static const u32 sizes[] = {1, 17, 100, 900, 5000, 70000, 3000, 20, 2};
    u8 *block = NULL;
    u32 held = 0;

    for (u32 i = 0; i < array_count(sizes); i++) {
        u8 *resized = heap_resize(block, sizes[i]);
        EXPECT(resized != NULL);
        if (!resized)
            break;
        block = resized;
        for (u32 j = 0; j < min(held, sizes[i]); j++)
            if (block[j] != (u8)j)
                EXPECT_EQUAL(block[j], (u8)j);
        for (u32 j = 0; j < sizes[i]; j++)
            block[j] = (u8)j;
        held = sizes[i];
    }
    heap_free(block);
}

TEST(heap_refuses, "sizes that cannot be give NULL, not a panic")
{
    EXPECT(!heap_alloc(HEAP_SIZE_MAX + 1));
    EXPECT(!heap_alloc(0xffffffffu));
    EXPECT(!heap_alloc_zeroed(0xfffffff0u));
    heap_free(NULL);
}

TEST(heap_injection, "in CHECKED builds the allocation that was named fails")
{
    stack_base()->fail_after = 2;
    void *first = heap_alloc(32);
    void *second = heap_alloc(32);
    void *third = heap_alloc(32);

    stack_base()->fail_after = 0;
    EXPECT(first && third);
    EXPECT_EQUAL(second == NULL, CHECKED);
    heap_free(first);
    heap_free(second);
    heap_free(third);
}

/* ---- bytes --------------------------------------------------------------- */

#define AREA 200u

static void area_fill(u8 *area)
{
    for (u32 i = 0; i < AREA; i++)
        area[i] = (u8)(i * 7 + 1);
}

/* memmove from `from` to `to`, compared with what it must give. */
static void move_check(u32 from, u32 to, u32 size)
{
    u8 area[AREA];

    area_fill(area);
    memmove(area + to, area + from, size);
    for (u32 i = 0; i < AREA; i++) {
        u32 source = i >= to && i < to + size ? i - to + from : i;
        if (area[i] != (u8)(source * 7 + 1)) {
            test_failed(__FILE__, __LINE__, "memmove(%u, %u, %u) at %u", to,
                        from, size, i);
            return;
        }
    }
}

TEST(memory_moves, "memmove is right for every alignment, size and overlap")
{
    for (u32 size = 0; size < 80; size++)
        for (u32 shift = 0; shift < 9; shift++) {
            move_check(50, 50 + shift, size);
            move_check(50 + shift, 50, size);
            move_check(3, 110 + shift, size);
        }
}

TEST(memory_sets, "memset and memcmp touch exactly what they are given")
{
    u8 area[AREA], other[AREA];

    for (u32 size = 0; size < 70; size++) {
        area_fill(area);
        area_fill(other);
        memset(area + 60 + size % 4, 0xee, size);
        for (u32 i = 0; i < size; i++)
            other[60 + size % 4 + i] = 0xee;
        EXPECT_EQUAL(memcmp(area, other, AREA), 0);
        other[AREA - 1]++;
        EXPECT(memcmp(area, other, AREA) < 0);
    }
}

TEST(divide_64, "64-bit division agrees with multiplication")
{
    u32 state = 3;

    for (u32 i = 0; i < 2000; i++) {
        u64 dividend = (u64)test_random(&state) << 40 ^
                       (u64)test_random(&state) << 16 ^ test_random(&state);
        u32 divisor = test_random(&state) >> test_random(&state) % 24 | 1;
        u32 rest;
        u64 quotient = divide_u64(dividend, divisor, &rest);

        EXPECT(rest < divisor);
        EXPECT(quotient * divisor + rest == dividend);
    }
}
