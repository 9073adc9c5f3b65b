/*
 * Frames are handed out once, aligned, with one reference; what is given back
 * joins to the largest runs again, whichever CPU gave it back; and a machine
 * without memory says so.
 */
#include "unit.h"
#include <stdarg.h>
#include "core/boot_info.h"
#include "core/spinlock.h"
#include "kernel/mem/frame.c"
#include "kernel/mem/frame_start.c"

struct boot_info boot_info;

#define LIVE_MAX 2000

struct run {
    struct frame *frame;
    u32 order;
};

static struct run live[LIVE_MAX];
static u32 live_count;
static u8 in_use[FAKE_MEMORY / PAGE_SIZE];

/* Two stretches of RAM with a hole, and a module in the second. */
static void boot(void)
{
    boot_info = (struct boot_info){
        .range_count = 2,
        .ranges = {{1 * MIB, 20 * MIB}, {24 * MIB, 64 * MIB}},
        .module_count = 1,
        .modules = {{30 * MIB + 100, 31 * MIB + 5000}},
    };
    memset(fake_memory, 0x5a, sizeof(fake_memory));
    memset(caches, 0, sizeof(caches));
    memset(in_use, 0, sizeof(in_use));
    free_run_frames = managed_frames = live_count = 0;
    fake_cpu.index = fake_stack.fail_after = 0;
    fake_interrupts = true;
    check(frames_start());
}

static bool overlaps(u32 address, u32 size, u32 start, u32 end)
{
    return address < end && start < address + size;
}

/* The run is RAM that nobody else has; notes that it is taken. */
static void claim(struct frame *frame, u32 order)
{
    u32 address = frame_physical(frame);
    u32 size = PAGE_SIZE << order;
    check_number(frame->references, 1);
    check_number(address % size, 0);
    check(frame_address(frame) == fake_memory + address);
    check(frame_of(fake_memory + address + 7) == frame);
    check(address >= 1 * MIB && address + size <= 64 * MIB);
    check(!overlaps(address, size, 20 * MIB, 24 * MIB));
    check(!overlaps(address, size, 1 * MIB, 1 * MIB + 300000));
    check(!overlaps(address, size, 30 * MIB, 31 * MIB + 5000));
    u32 array = virtual_to_physical(frames);
    check(!overlaps(address, size, array,
                    array + frame_total * sizeof(struct frame)));
    for (u32 i = 0; i < 1u << order; i++) {
        check(!in_use[address / PAGE_SIZE + i]);
        in_use[address / PAGE_SIZE + i] = 1;
    }
}

static void unclaim(struct frame *frame, u32 order)
{
    memset(&in_use[frame - frames], 0, 1u << order);
}

/* Frees what a test left, then empties each CPU's cache by asking for a run
 * that cannot be there. */
static void free_all(void)
{
    while (live_count > 0) {
        struct run *run = &live[--live_count];
        unclaim(run->frame, run->order);
        frame_free_run(run->frame, run->order);
    }
    for (fake_cpu.index = 0; fake_cpu.index < CPU_MAX; fake_cpu.index++)
        cache_empty(0);
    fake_cpu.index = 0;
}

static u32 run_count(u32 order)
{
    u32 count = 0;
    struct frame *frame;
    list_for_each (frame, &free_runs[order], link)
        count++;
    return count;
}

static void run_counts(u32 *counts)
{
    for (u32 order = 0; order <= FRAME_ORDER_MAX; order++)
        counts[order] = run_count(order);
}

static void start_divides_memory(void)
{
    boot();
    u32 ram = (19 + 40) * MIB / PAGE_SIZE;
    u32 kernel = round_up(300000, PAGE_SIZE) / PAGE_SIZE;
    u32 module = (1 * MIB + round_up(5000, PAGE_SIZE)) / PAGE_SIZE;
    u32 array =
        round_up(frame_total * sizeof(struct frame), PAGE_SIZE) / PAGE_SIZE;
    check_number(frame_total, 64 * MIB / PAGE_SIZE);
    check_number(frame_managed_count(), ram - kernel - module - array);
    check_number(frame_free_count(), frame_managed_count());
}

static void every_frame_comes_once(void)
{
    boot();
    u32 counts[FRAME_ORDER_MAX + 1], after[FRAME_ORDER_MAX + 1];
    run_counts(counts);
    u32 total = frame_free_count();
    struct frame *first = NULL;
    struct frame *frame;
    for (u32 i = 0; i < total; i++) {
        check((frame = frame_alloc()) != NULL);
        claim(frame, 0);
        frame->link.next = (struct list *)first;
        first = frame;
    }
    check(frame_alloc() == NULL);
    check(frame_alloc_zeroed() == NULL);
    check(frame_alloc_run(3) == NULL);
    check_number(frame_free_count(), 0);
    while ((frame = first) != NULL) {
        first = (struct frame *)frame->link.next;
        frame_put(frame);
    }
    check_number(frame_free_count(), total);
    cache_empty(0);
    run_counts(after);
    check(memcmp(counts, after, sizeof(counts)) == 0);
}

static void largest_runs(void)
{
    boot();
    u32 wanted = run_count(FRAME_ORDER_MAX);
    u32 got = 0;
    check(wanted > 5);
    struct frame *frame;
    while ((frame = frame_alloc_run(FRAME_ORDER_MAX)) != NULL) {
        claim(frame, FRAME_ORDER_MAX);
        live[live_count++] = (struct run){frame, FRAME_ORDER_MAX};
        got++;
    }
    check_number(got, wanted);
    check(frame_alloc_run(FRAME_ORDER_MAX + 1) == NULL);
    free_all();
    check_number(run_count(FRAME_ORDER_MAX), wanted);
}

static void alloc_one(void)
{
    u32 order = unit_random_below(3) ? 0 : unit_random_below(8);
    struct frame *frame = order == 0 && unit_random_below(2)
                              ? frame_alloc_zeroed()
                              : frame_alloc_run(order);
    if (frame == NULL)
        return;
    claim(frame, order);
    live[live_count++] = (struct run){frame, order};
}

static void free_one(void)
{
    struct run *run = &live[unit_random_below(live_count)];
    unclaim(run->frame, run->order);
    if (run->order == 0)
        frame_put(run->frame);
    else
        frame_free_run(run->frame, run->order);
    *run = live[--live_count];
}

static void random_use_on_all_cpus(void)
{
    boot();
    u32 counts[FRAME_ORDER_MAX + 1], after[FRAME_ORDER_MAX + 1];
    run_counts(counts);
    u32 total = frame_free_count();
    for (int round = 0; round < 100000; round++) {
        fake_cpu.index = unit_random_below(CPU_MAX);
        /* Waves: mostly taking, then mostly giving. */
        bool take = unit_random_below(8) < (round / 4000 % 2 ? 2 : 6);
        if (take && live_count < LIVE_MAX)
            alloc_one();
        else if (live_count > 0)
            free_one();
        check(fake_interrupts);
        check_number(fake_held_rank, RANK_NONE);
        if (round % 1000 == 0) {
            u32 used = 0;
            for (u32 i = 0; i < live_count; i++)
                used += 1u << live[i].order;
            check_number(frame_free_count(), total - used);
        }
    }
    free_all();
    check_number(frame_free_count(), total);
    run_counts(after);
    check(memcmp(counts, after, sizeof(counts)) == 0);
}

static void references(void)
{
    boot();
    u32 total = frame_free_count();
    struct frame *frame = frame_alloc();
    frame_get(frame);
    frame_get(frame);
    frame_put(frame);
    frame_put(frame);
    check_number(frame->references, 1);
    check_number(frame_free_count(), total - 1);
    frame_put(frame);
    check_number(frame_free_count(), total);
}

static void zeroed(void)
{
    boot();
    for (int i = 0; i < 1000; i++) {
        struct frame *frame = frame_alloc_zeroed();
        const char *bytes = frame_address(frame);
        for (u32 at = 0; at < PAGE_SIZE; at++)
            check(bytes[at] == 0);
        memset(frame_address(frame), 0x77, PAGE_SIZE);
        if (i % 2)
            frame_put(frame);
    }
}

/* Parts of every large run lie in this CPU's cache: they are fetched back. */
static void cache_gives_way_to_runs(void)
{
    boot();
    u32 wanted = run_count(FRAME_ORDER_MAX);
    struct frame *held[3 * CACHE_SIZE];
    for (u32 i = 0; i < array_count(held); i++)
        held[i] = frame_alloc();
    for (u32 i = 0; i < array_count(held); i++)
        frame_put(held[i]);
    check(caches[0].count > 0);
    while (frame_alloc_run(FRAME_ORDER_MAX) != NULL)
        wanted--;
    check_number(wanted, 0);
}

static void released_later(void)
{
    boot();
    u32 before = frame_free_count();
    frames_release_range(30 * MIB, 31 * MIB + 8192);
    check_number(frame_free_count(), before + 258);
    check_number(frame_managed_count(), before + 258);
}

static void failure_by_order(void)
{
    boot();
    fake_stack.fail_after = 3;
    check(frame_alloc() != NULL);
    check(frame_alloc_run(2) != NULL);
    check(frame_alloc_zeroed() == NULL);
    check(frame_alloc() != NULL);
}

static void too_little_memory(void)
{
    boot();
    boot_info.range_count = 0;
    check(!frames_start());
    boot_info.range_count = 1;
    boot_info.ranges[0].end = 1 * MIB + 300000;
    check(!frames_start());
}

static void wrong_use_panics(void)
{
    boot();
    struct frame *run = frame_alloc_run(2);
    check_panics(frame_free_run(run, 3), "order");
    frame_free_run(run, 2);
    check_panics(frame_free_run(run, 2), "references");
}

UNIT_TESTS(UNIT_TEST(start_divides_memory), UNIT_TEST(every_frame_comes_once),
           UNIT_TEST(largest_runs), UNIT_TEST(random_use_on_all_cpus),
           UNIT_TEST(references), UNIT_TEST(zeroed),
           UNIT_TEST(cache_gives_way_to_runs), UNIT_TEST(released_later),
           UNIT_TEST(failure_by_order), UNIT_TEST(too_little_memory),
           UNIT_TEST(wrong_use_panics))
